"""Braille made by machine: 国家通用盲文 by liblouis, where the tool is installed."""

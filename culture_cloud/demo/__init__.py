"""The demo county: invented, in Chinese, with dates around today."""

from __future__ import annotations

from culture_cloud.config import Config


def is_wanted() -> bool:
    return False


def load_county() -> None:
    pass


def greeting(config: Config) -> str:
    return config.public_url

"""Notices 通知: messages to people, rendered in their language, sent through gateways, retried."""

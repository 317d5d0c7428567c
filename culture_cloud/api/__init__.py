"""The open API: what the site publishes, as JSON for clouds above and sites beside (R32)."""

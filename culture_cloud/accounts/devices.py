"""By what a person recognises a device: browser and system, no version, no address."""

from __future__ import annotations

from flask_babel import gettext as _

_BROWSERS = (
    ("MicroMessenger", "wechat"), ("DingTalk", "dingtalk"), ("AlipayClient", "alipay"),
    ("HuaweiBrowser", "huawei"), ("MiuiBrowser", "xiaomi"), ("HeyTapBrowser", "oppo"),
    ("VivoBrowser", "vivo"), ("UCBrowser", "uc"), ("QQBrowser", "qq"),
    ("SamsungBrowser", "samsung"), ("Edg", "edge"), ("OPR", "opera"), ("Firefox", "firefox"),
    ("FxiOS", "firefox"), ("CriOS", "chrome"), ("Chrome", "chrome"), ("Safari", "safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "harmony"), ("OpenHarmony", "harmony"), ("iPhone", "iphone"), ("iPad", "ipad"),
    ("Android", "android"), ("Windows", "windows"), ("Macintosh", "mac"), ("Linux", "linux"),
)  # fmt: skip
"""In the order of asking: a later name also stands in the header of an earlier one."""


def device_of(user_agent: str) -> str:
    """What is kept of a User-Agent header: "chrome/android"; unknown parts are empty."""
    return f"{_first(_BROWSERS, user_agent)}/{_first(_SYSTEMS, user_agent)}"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((code for mark, code in names if mark in user_agent), "")


def device_words(device: str) -> str:
    """The device as people call it."""
    browser, _slash, system = device.partition("/")
    names = {
        "wechat": _("WeChat"), "dingtalk": _("DingTalk"), "alipay": _("Alipay"),
        "huawei": _("Huawei browser"), "xiaomi": _("Xiaomi browser"), "oppo": _("OPPO browser"),
        "vivo": _("vivo browser"), "uc": _("UC browser"), "qq": _("QQ browser"),
        "samsung": _("Samsung browser"), "edge": "Edge", "opera": "Opera", "firefox": "Firefox",
        "chrome": "Chrome", "safari": "Safari",
    }  # fmt: skip
    systems = {
        "harmony": _("a HarmonyOS device"), "iphone": _("an iPhone"), "ipad": _("an iPad"),
        "android": _("an Android device"), "windows": _("a Windows computer"),
        "mac": _("a Mac computer"), "linux": _("a Linux computer"),
    }  # fmt: skip
    browser_name = names.get(browser, _("a browser"))
    system_name = systems.get(system, _("an unknown device"))
    return _("%(browser)s on %(device)s", browser=browser_name, device=system_name)

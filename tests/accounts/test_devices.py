"""A device is recognised by browser and system, and nothing more is kept of it."""

from __future__ import annotations

import pytest

from culture_cloud.accounts.devices import device_of, device_words

ANDROID = "Mozilla/5.0 (Linux; Android 10; HLK-AL00) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (ANDROID + "Chrome/120.0.0.0 Mobile Safari/537.36", "chrome/android"),
        (ANDROID + "Version/4.0 Chrome/86 XWEB MicroMessenger/8.0.47", "wechat/android"),
        (ANDROID + "HuaweiBrowser/14.0 Mobile Safari/537.36", "huawei/android"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Mobile HuaweiBrowser/5", "huawei/harmony"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari", "safari/iphone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/120 Safari/537 Edg/120", "edge/windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "firefox/linux"),
        ("curl/8.0", "/"),
        ("", "/"),
    ],
)  # fmt: skip
def test_keeps_browser_and_system_only(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
    assert not any(character.isdigit() for character in device)


@pytest.mark.usefixtures("app_context")
def test_says_the_device_in_words() -> None:
    for device in ("wechat/android", "chrome/windows", "/", "new/unknown"):
        assert "/" not in device_words(device)

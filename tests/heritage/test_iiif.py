"""IIIF: what the specifications ask of level 2, of manifests and of content search."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.orm import Session

from culture_cloud.heritage.exhibitions import services as exhibitions
from culture_cloud.heritage.iiif.image_request import BadParameter, NotOffered, parse
from tests.factories import make_node

from .makers import make_item, png, stored, wav

FULL = (6000, 4000)


def asked(path: str, version: int = 3) -> Any:
    region, size, rotation, last = path.split("/")
    quality, _dot, ending = last.partition(".")
    return parse(region, size, rotation, quality, ending, full=FULL, version=version)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("path", "region", "size", "canonical"),
    [
        ("full/max/0/default.jpg", (0, 0, 6000, 4000), (2048, 1365), "full/max/0/default.jpg"),
        (
            "square/512,/0/default.jpg",
            (1000, 0, 4000, 4000),
            (512, 512),
            "1000,0,4000,4000/512,512",
        ),
        (
            "0,0,512,512/max/0/color.png",
            (0, 0, 512, 512),
            (512, 512),
            "0,0,512,512/max/0/default.png",
        ),
        (
            "5900,3900,500,500/max/0/gray.jpg",
            (5900, 3900, 100, 100),
            (100, 100),
            "5900,3900,100,100",
        ),
        ("pct:50,50,50,50/pct:10/0/default.jpg", (3000, 2000, 3000, 2000), (300, 200), "3000,2000"),
        ("full/!600,600/90/default.jpg", (0, 0, 6000, 4000), (600, 400), "full/600,400/90/"),
        ("full/,400/!180/bitonal.webp", (0, 0, 6000, 4000), (600, 400), "full/600,400/!180/"),
        ("0,0,100,100/^200,200/0/default.jpg", (0, 0, 100, 100), (200, 200), "0,0,100,100/200,200"),
        ("full/300,900/0/default.jpg", (0, 0, 6000, 4000), (300, 900), "full/300,900"),
    ],
)
def test_parameters_mean_what_the_specification_says(
    path: str, region: tuple[int, ...], size: tuple[int, int], canonical: str
) -> None:
    found = asked(path)
    part = found.region
    assert (part.x, part.y, part.width, part.height) == region
    assert (found.width, found.height) == size
    assert found.canonical.startswith(canonical)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path",
    [
        "ful/max/0/default.jpg",
        "0,0,0,10/max/0/default.jpg",
        "6000,0,10,10/max/0/default.jpg",
        "-1,0,10,10/max/0/default.jpg",
        "pct:101,0,10,10/max/0/default.jpg",
        "full/0,/0/default.jpg",
        "full/pct:0/0/default.jpg",
        "0,0,100,100/200,/0/default.jpg",
        "0,0,100,100/pct:150/0/default.jpg",
        "full/3000,/0/default.jpg",
        "full/^9000,9000/0/default.jpg",
        "full/max/400/default.jpg",
        "full/max/-90/default.jpg",
        "full/max/0/pretty.jpg",
        "full/max/0/default.exe",
        "full/!/0/default.jpg",
        "1e9,0,1,1/max/0/default.jpg",
    ],
)
def test_wrong_parameters_are_bad_requests(path: str) -> None:
    with pytest.raises(BadParameter):
        asked(path)


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["full/max/22.5/default.jpg", "full/max/0/default.tif"])
def test_what_is_right_but_not_offered_is_said_so(path: str) -> None:
    with pytest.raises(NotOffered):
        asked(path)


@pytest.mark.one_database
@given(st.text(max_size=30), st.text(max_size=20), st.text(max_size=10), st.text(max_size=10))
def test_no_parameter_breaks_the_server(a: str, b: str, c: str, d: str) -> None:
    try:
        found = parse(a, b, c, d, "jpg", full=FULL)
    except (BadParameter, NotOffered):
        return
    assert 0 < found.width * found.height <= 2048 * 2048


@pytest.mark.one_database
@given(
    st.tuples(*[st.integers(0, 7000)] * 4),
    st.sampled_from(["max", "^max", "!300,300", "200,", ",200", "pct:50"]),
)
def test_a_region_is_always_inside_the_picture(numbers: tuple[int, ...], size: str) -> None:
    try:
        found = asked(f"{','.join(map(str, numbers))}/{size}/0/default.jpg")
    except BadParameter:
        return
    part = found.region
    assert 0 <= part.x < part.x + part.width <= FULL[0]
    assert 0 <= part.y < part.y + part.height <= FULL[1]


# --- over HTTP -----------------------------------------------------------------------------------


@pytest.fixture
def media_id(app: Flask, session: Session, run_jobs: Any) -> int:
    item = make_item(session, media=[stored(session, png((2600, 1700)))])
    session.commit()
    run_jobs()
    return item.media[0].id


def picture(app: Flask, url: str) -> Image.Image:
    answer = app.test_client().get(url, buffered=True)
    assert answer.status_code == 200, answer.data[:200]
    return Image.open(io.BytesIO(answer.data))


def test_information_says_what_may_be_asked(app: Flask, media_id: int) -> None:
    answer = app.test_client().get(f"/iiif/image/3/{media_id}/info.json")
    facts = json.loads(answer.data)
    assert facts["@context"] == "http://iiif.io/api/image/3/context.json"
    assert (facts["type"], facts["profile"]) == ("ImageService3", "level2")
    assert facts["protocol"] == "http://iiif.io/api/image"
    assert (facts["width"], facts["height"]) == (2600, 1700)
    assert facts["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2, 4, 8]}]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.content_type == "application/json"
    asked_ld = app.test_client().get(
        f"/iiif/image/3/{media_id}/info.json", headers={"Accept": "application/ld+json"}
    )
    assert asked_ld.content_type == (
        'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
    )
    old = json.loads(app.test_client().get(f"/iiif/image/2/{media_id}/info.json").data)
    assert old["@context"] == "http://iiif.io/api/image/2/context.json"
    assert old["profile"][0] == "http://iiif.io/api/image/2/level2.json"
    for size in facts["sizes"]:
        url = f"/iiif/image/3/{media_id}/full/{size['width']},{size['height']}/0/default.jpg"
        assert picture(app, url).size == (size["width"], size["height"])


def test_the_bare_identifier_leads_to_the_information(app: Flask, media_id: int) -> None:
    answer = app.test_client().get(f"/iiif/image/3/{media_id}")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/iiif/image/3/{media_id}/info.json")


@pytest.mark.parametrize("factor", [1, 2, 4, 8])
def test_tiles_are_what_was_asked_for(app: Flask, media_id: int, factor: int) -> None:
    span = 512 * factor
    for left in range(0, 2600, span):
        for top in range(0, 1700, span):
            wide, high = min(span, 2600 - left), min(span, 1700 - top)
            size = (-(-wide // factor), -(-high // factor))
            url = f"{left},{top},{wide},{high}/{size[0]},{size[1]}/0/default.jpg"
            tile = picture(app, f"/iiif/image/3/{media_id}/{url}")
            assert tile.size == size
            # the test picture's red grows downwards, so that a tile tells where it is from
            pixel = tile.convert("RGB").getpixel((size[0] // 2, size[1] // 2))
            assert isinstance(pixel, tuple)
            wanted = (top + high / 2) / 1700 * 255
            assert abs(pixel[0] - wanted) < 12


def test_regions_rotation_mirror_and_quality(app: Flask, media_id: int) -> None:
    base = f"/iiif/image/3/{media_id}"
    assert picture(app, f"{base}/100,200,900,600/450,300/90/default.png").size == (300, 450)
    assert picture(app, f"{base}/full/max/0/gray.jpg").mode == "L"
    assert picture(app, f"{base}/full/300,/0/bitonal.png").mode == "1"
    assert picture(app, f"{base}/full/!200,200/0/default.webp").format == "WEBP"
    plain = picture(app, f"{base}/full/260,170/0/default.png").convert("RGB")
    mirrored = picture(app, f"{base}/full/260,170/!0/default.png").convert("RGB")
    left, right = plain.getpixel((10, 80)), mirrored.getpixel((249, 80))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert abs(left[1] - right[1]) < 4
    assert picture(app, f"/iiif/image/2/{media_id}/full/full/0/default.jpg").width == 2048


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("3/{}/full/9999,/0/default.jpg", 400),
        ("3/{}/full/max/45/default.jpg", 501),
        ("3/{}/full/max/0/default.tif", 501),
        ("2/{}/full/^max/0/default.jpg", 400),
        ("3/999999/full/max/0/default.jpg", 404),
        ("4/{}/full/max/0/default.jpg", 404),
    ],
)
def test_refusals_over_http(app: Flask, media_id: int, path: str, status: int) -> None:
    answer = app.test_client().get("/iiif/image/" + path.format(media_id), buffered=True)
    assert answer.status_code == status


def test_a_picture_names_its_canonical_address_and_level(app: Flask, media_id: int) -> None:
    url = f"/iiif/image/3/{media_id}/0,0,2600,1700/1300,/0/color.jpg"
    answer = app.test_client().get(url, buffered=True)
    links = answer.headers.getlist("Link")
    assert any(
        f"/iiif/image/3/{media_id}/full/1300,850/0/default.jpg" in x and "canonical" in x
        for x in links
    )
    assert any("level2.json" in x and "profile" in x for x in links)


# --- presentation --------------------------------------------------------------------------------


def check_manifest(facts: dict[str, Any]) -> None:
    """What Presentation API 3.0 requires of a manifest and all below it (section 3 and 5)."""
    assert facts["@context"] == "http://iiif.io/api/presentation/3/context.json"
    assert facts["type"] == "Manifest"
    assert facts["items"], "a manifest has at least one canvas"
    ids = [facts["id"]]
    _check_label(facts["label"])
    for pair in facts["metadata"]:
        _check_label(pair["label"])
        _check_label(pair["value"])
    if "rights" in facts:
        assert facts["rights"].startswith(
            ("http://creativecommons.org/", "http://rightsstatements.org/")
        )
    for canvas in facts["items"]:
        assert canvas["type"] == "Canvas"
        assert ("width" in canvas) == ("height" in canvas)
        assert "width" in canvas or canvas["duration"] > 0
        ids.append(canvas["id"])
        for page in canvas["items"]:
            assert page["type"] == "AnnotationPage"
            ids.append(page["id"])
            for note in page["items"]:
                assert note["type"] == "Annotation"
                assert note["motivation"] == "painting"
                assert note["target"] == canvas["id"]
                assert note["body"]["type"] in {"Image", "Sound", "Video"}
                assert note["body"]["format"]
                ids.append(note["id"])
    for one in ids:
        assert one.startswith("http")
    assert len(ids) == len(set(ids))


def _check_label(label: dict[str, list[str]]) -> None:
    assert label
    for language, values in label.items():
        assert language
        assert all(isinstance(value, str) and value for value in values)


def test_manifests_are_what_the_specification_says(
    app: Flask, session: Session, run_jobs: Any
) -> None:
    said = stored(
        session,
        wav(2.5),
        transcript="我们寨子从前住在山上",
        translation="我们寨子从前住在山上",
        transcript_language="hni",
        cues=[[0, 1.2, "我们寨子"], [1.2, 2.5, "从前住在山上"]],
    )
    item = make_item(
        session,
        kind="recording",
        extra={"speech": "hani"},
        media=[said, stored(session, png((900, 700)))],
        date_text="1958年",
    )
    words_only = make_item(session, title="只有文字")
    session.commit()
    run_jobs()
    browser = app.test_client()
    for one in (item, words_only):
        facts = json.loads(browser.get(f"/iiif/presentation/3/{one.id}/manifest.json").data)
        check_manifest(facts)
    facts = json.loads(browser.get(f"/iiif/presentation/3/{item.id}/manifest.json").data)
    sound, image = facts["items"]
    assert sound["duration"] == pytest.approx(2.5)
    assert image["items"][0]["items"][0]["body"]["service"][0]["type"] == "ImageService3"
    assert facts["navDate"] == "1958-01-01T00:00:00Z"
    notes = json.loads(browser.get(sound["annotations"][0]["id"].split("8000")[-1]).data)
    assert notes["items"][1]["target"].endswith("#t=1.2,2.5")
    found = json.loads(browser.get(f"/iiif/search/2/{item.id}?q=山上&user=x").data)
    assert found["@context"] == "http://iiif.io/api/search/2/context.json"
    assert [n["body"]["value"] for n in found["items"]] == ["从前住在山上"]
    assert found["ignored"] == ["user"]
    assert json.loads(browser.get(f"/iiif/search/2/{item.id}?q=").data)["items"] == []


def test_collections_hold_their_manifests(app: Flask, session: Session) -> None:
    node = make_node(session)
    item = make_item(session, node=node)
    made = exhibitions.create(
        session, code="ferries", node_id=node.id, title="渡口", items=[item.id]
    )
    exhibitions.publish(session, made.id, by_account_id=None)
    session.commit()
    browser = app.test_client()
    top = json.loads(browser.get("/iiif/presentation/3/collections/all.json").data)
    assert [one["type"] for one in top["items"]] == ["Collection"]
    below = json.loads(browser.get("/iiif/presentation/3/collections/ferries.json").data)
    assert [one["id"].rsplit("/", 2)[-2] for one in below["items"]] == [str(item.id)]

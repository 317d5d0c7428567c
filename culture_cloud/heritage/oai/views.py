"""The one address /oai and its six verbs. Answers are XML with status 200, errors too (3.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from lxml import etree

from culture_cloud import clock, db
from culture_cloud.config import Config
from culture_cloud.heritage.dublin_core import simple, statements
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.network.site import current_site
from culture_cloud.web.policies import public
from culture_cloud.web.security import csrf

from . import records
from .arguments import (
    ListArguments,
    ProtocolError,
    checked,
    list_arguments,
    require_prefix,
    resumed,
    token_of,
    verb_of,
)

bp = Blueprint("oai", __name__)

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
QDC = "http://worldcat.org/xmlschemas/qdc-1.0/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
FORMATS = {
    "oai_dc": (OAI_DC, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
    "qdc": (QDC, "http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd"),
}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ELEMENTS = {
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type"),
    *("format", "identifier", "source", "language", "relation", "coverage", "rights"),
}


@bp.route("/oai", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def oai() -> Response:
    """Every verb, by GET or POST (3.1.1)."""
    sent = request.form if request.method == "POST" else request.args
    arguments = dict(sent.lists())
    root = etree.Element(
        f"{{{OAI}}}OAI-PMH",
        nsmap={None: OAI, "xsi": XSI},  # type: ignore[dict-item]
    )
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", _stamp(clock.now()))
    asked = _add(root, "request", f"{_public_url()}/oai")
    try:
        verb = verb_of(arguments)
        plain = checked(verb, arguments)
        answer = _VERBS[verb](plain)
        asked.set("verb", verb)
        for name, value in plain.items():
            asked.set(name, _clean(value))
        root.append(answer)
    except ProtocolError as error:
        # after badVerb and badArgument the request carries no attributes (3.2)
        if error.code not in {"badVerb", "badArgument"}:
            asked.set("verb", arguments["verb"][0])
        fault = _add(root, "error", error.text)
        fault.set("code", error.code)
    body = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    response = Response(body, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _public_url() -> str:
    return str(current_app.config["PUBLIC_URL"])


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)


def _add(parent: etree._Element, name: str, text: str = "", space: str = OAI) -> etree._Element:
    child = etree.SubElement(parent, f"{{{space}}}{name}")
    if text:
        child.text = _clean(text)
    return child


def identifier_of(item: HeritageItem) -> str:
    return f"{_prefix()}{item.id}"


def _prefix() -> str:
    return f"oai:{urlsplit(_public_url()).hostname}:heritage/"


def _item_of(identifier: str) -> HeritageItem:
    number = identifier.removeprefix(_prefix())
    known = identifier.startswith(_prefix()) and re.fullmatch(r"[1-9]\d{0,8}", number)
    item = records.record(db.session(), int(number)) if known else None
    if item is None:
        raise ProtocolError("idDoesNotExist", "There is no record of this identifier.")
    return item


# --- verbs ---------------------------------------------------------------------------------------


def _identify(_plain: Mapping[str, str]) -> etree._Element:
    config: Config = current_app.config["CULTURE_CLOUD"]
    answer = etree.Element(f"{{{OAI}}}Identify")
    earliest = records.earliest(db.session()) or clock.now()
    for name, value in (
        ("repositoryName", current_site().name),
        ("baseURL", f"{_public_url()}/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", config.mail_from),
        ("earliestDatestamp", _stamp(earliest)),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _add(answer, name, value)
    return answer


def _list_formats(plain: Mapping[str, str]) -> etree._Element:
    if "identifier" in plain:
        _item_of(plain["identifier"])
    answer = etree.Element(f"{{{OAI}}}ListMetadataFormats")
    for prefix, (space, schema) in FORMATS.items():
        one = _add(answer, "metadataFormat")
        _add(one, "metadataPrefix", prefix)
        _add(one, "schema", schema)
        _add(one, "metadataNamespace", space)
    return answer


def _list_sets(plain: Mapping[str, str]) -> etree._Element:
    if "resumptionToken" in plain:
        raise ProtocolError("badResumptionToken", "The list of sets is given whole.")
    answer = etree.Element(f"{{{OAI}}}ListSets")
    for facts in records.sets(db.session()):
        one = _add(answer, "set")
        _add(one, "setSpec", facts.spec)
        _add(one, "setName", facts.name)
        if facts.about:
            about = _add(one, "setDescription")
            described = etree.SubElement(
                about, f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC}
            )
            described.set(f"{{{XSI}}}schemaLocation", " ".join(FORMATS["oai_dc"]))
            _add(described, "description", facts.about, DC)
    return answer


def _get_record(plain: Mapping[str, str]) -> etree._Element:
    require_prefix(plain["metadataPrefix"])
    item = _item_of(plain["identifier"])
    answer = etree.Element(f"{{{OAI}}}GetRecord")
    sets = records.sets_of(db.session(), [item])
    _add_record(answer, item, sets[item.id], plain["metadataPrefix"])
    return answer


def _list(verb: str, plain: Mapping[str, str]) -> etree._Element:
    token = plain.get("resumptionToken")
    asked = resumed(verb, token, _secret()) if token is not None else list_arguments(plain)
    session = db.session()
    page = records.page(session, asked)
    if not page.records:
        raise ProtocolError("noRecordsMatch", "Nothing fits these arguments.")
    answer = etree.Element(f"{{{OAI}}}{verb}")
    sets = records.sets_of(session, page.records)
    for item in page.records:
        if verb == "ListRecords":
            _add_record(answer, item, sets[item.id], asked.prefix)
        else:
            _add_header(answer, item, sets[item.id])
    if page.has_more or token is not None:
        _add_token(answer, verb, asked, page)
    return answer


def _add_token(
    answer: etree._Element, verb: str, asked: ListArguments, page: records.RecordPage
) -> None:
    """The token of the rest; an empty one ends a list that came in parts (3.5)."""
    element = _add(answer, "resumptionToken")
    element.set("completeListSize", str(page.total))
    element.set("cursor", str(asked.cursor))
    last = page.records[-1]
    if page.has_more and last.harvested_at is not None:
        rest = replace(
            asked, after=(last.harvested_at, last.id), cursor=asked.cursor + len(page.records)
        )
        element.text = token_of(verb, rest, _secret())


_VERBS: Mapping[str, Callable[[Mapping[str, str]], etree._Element]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": lambda plain: _list("ListIdentifiers", plain),
    "ListRecords": lambda plain: _list("ListRecords", plain),
}


# --- records -------------------------------------------------------------------------------------


def _add_header(parent: etree._Element, item: HeritageItem, sets: list[str]) -> None:
    header = _add(parent, "header")
    if records.is_deleted(item):
        header.set("status", "deleted")
    _add(header, "identifier", identifier_of(item))
    _add(header, "datestamp", _stamp(item.harvested_at or item.updated_at))
    for spec in sets:
        _add(header, "setSpec", spec)


def _add_record(parent: etree._Element, item: HeritageItem, sets: list[str], prefix: str) -> None:
    record = _add(parent, "record")
    _add_header(record, item, sets)
    if not records.is_deleted(item):
        metadata = _add(record, "metadata")
        metadata.append(_oai_dc(item) if prefix == "oai_dc" else _qdc(item))


def _oai_dc(item: HeritageItem) -> etree._Element:
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", " ".join(FORMATS["oai_dc"]))
    for element, value in simple(statements(item)):
        _add(root, element, value, DC)
    return root


def _qdc(item: HeritageItem) -> etree._Element:
    spaces = {"qdc": QDC, "dc": DC, "dcterms": DCTERMS, "xsi": XSI}
    root = etree.Element(f"{{{QDC}}}qualifieddc", nsmap=spaces)
    root.set(f"{{{XSI}}}schemaLocation", " ".join(FORMATS["qdc"]))
    for said in statements(item):
        if not said.value:
            continue
        space = DC if said.term in _ELEMENTS else DCTERMS
        child = _add(root, said.term, said.value, space)
        if said.language:
            child.set(f"{{{XML}}}lang", said.language)
        if said.encoding in {"URI", "DCMIType", "IMT", "Point", "RFC5646"}:
            child.set(f"{{{XSI}}}type", f"dcterms:{said.encoding}")
    return root

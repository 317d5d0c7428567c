"""The audit trail: who changed what, when, from what to what. Append-only and hash-chained.

    audit.record(session, actor=account_id, action="moved", subject_kind="session",
                 subject_id=session_id, node_id=node_id,
                 changes={"starts_at": [before, after]}, reason="rain")

An entry is written in the transaction of the change it tells of. It holds no name, phone or
address of anybody: what personal fields held is masked as it is written, because an entry can
never be taken back (PIPL art. 47) and the person may ask to be forgotten.
"""

from . import words
from .recording import ask_who, changed, record, snapshot
from .watching import Watch

__all__ = ["Watch", "ask_who", "changed", "record", "snapshot", "words"]

"""Saving an activity with the wish its button named, all in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.activities import rules as ruled
from culture_cloud.activities import services
from culture_cloud.activities.errors import NotReady
from culture_cloud.activities.models import Activity, ActivityState, SignUpWay

UNPUBLISHED = (ActivityState.DRAFT, ActivityState.SUBMITTED)


class Wish(StrEnum):
    """What the pressed button asked for."""

    SAVE = "save"
    PUBLISH = "publish"


class Outcome(StrEnum):
    SAVED = "saved"
    #: saved and complete; its several dates are looked at before it is shown
    TO_CHECK = "to_check"
    PUBLISHED = "published"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class Saved:
    activity_id: int
    outcome: Outcome


def create(
    session: Session,
    facts: services.ActivityFacts,
    wish: Wish,
    *,
    by_account_id: int,
    key: str,
    may_publish: bool,
    like: int | None = None,
) -> Saved:
    """Make an activity. The same form sent twice (`key`) is one activity.

    Its rules are those of the activity it is held again after (`like`), else the usual ones.
    Raises NotReady where it is to be shown and lacks something.
    """
    rules = ruled.of(session, like) if like is not None else _usual_rules(facts)
    facts = replace(facts, rules=rules)
    uid = f"{key}@culture-cloud"
    made_before = session.scalar(select(Activity).where(Activity.uid == uid))
    if made_before is not None and made_before.state not in UNPUBLISHED:
        return Saved(made_before.id, Outcome.PUBLISHED)
    if made_before is not None:
        activity = services.change(session, made_before.id, replace(facts, uid=uid))
    else:
        activity = services.create(session, replace(facts, uid=uid), by_account_id=by_account_id)
    return _follow(session, activity, wish, may_publish=may_publish)


def change(
    session: Session,
    activity_id: int,
    facts: services.ActivityFacts,
    wish: Wish,
    *,
    seen_version: int,
    may_publish: bool,
) -> Saved:
    """Change an activity. Raises ChangedMeanwhile, NotReady, CapacityBelowTaken and
    SessionHasSignUps; then nothing is changed."""
    before = services.locked(session, activity_id)
    if before.state in UNPUBLISHED and not ruled.are_decided(session, activity_id):
        facts = replace(facts, rules=_usual_rules(facts))
    activity = services.change(session, activity_id, facts, seen_version=seen_version)
    if activity.state == ActivityState.PUBLISHED:
        _require_complete(activity)
    return _follow(session, activity, wish, may_publish=may_publish)


def _usual_rules(facts: services.ActivityFacts) -> ruled.Rules | None:
    """Places are kept for elders unless staff say otherwise; where there are no places yet, or
    no sign-up here, that is decided when there are."""
    if facts.sign_up != SignUpWay.HERE or facts.capacity is None:
        return None
    return ruled.usual(facts.capacity)


def _follow(session: Session, activity: Activity, wish: Wish, *, may_publish: bool) -> Saved:
    if wish is Wish.SAVE or activity.state not in UNPUBLISHED:
        return Saved(activity.id, Outcome.SAVED)
    _require_complete(activity)
    if len(activity.sessions) > 1:
        return Saved(activity.id, Outcome.TO_CHECK)
    return show(session, activity, may_publish=may_publish)


def show(session: Session, activity: Activity, *, may_publish: bool) -> Saved:
    """Publish it, or ask for somebody to look at it first."""
    if may_publish:
        services.publish(session, activity.id)
        return Saved(activity.id, Outcome.PUBLISHED)
    if activity.state == ActivityState.DRAFT:
        services.submit(session, activity.id)
    return Saved(activity.id, Outcome.SUBMITTED)


def _require_complete(activity: Activity) -> None:
    missing = services.missing_facts(activity)
    if missing:
        raise NotReady(missing)

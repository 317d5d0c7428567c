"""The one explicit list: kernel, blueprints, job handlers, commands."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_login import current_user

from . import cli, db, i18n, traditional
from .access import actor
from .accounts import jobs as account_jobs
from .accounts import own_views as own_account_views
from .accounts import personal, reset_views
from .accounts import views as accounts_views
from .activities import commands as activity_commands
from .activities import feeds as activity_feeds
from .activities import import_jobs
from .activities import jobs as activity_jobs
from .activities import search as activity_search
from .activities import views as activities_views
from .api import views as api_views
from .audit import commands as audit_commands
from .audit import jobs as audit_jobs
from .check_in import closing
from .config import PROJECT_ROOT, Config
from .demo import commands as demo_commands
from .demo import heritage_pictures as demo_pictures
from .desk import activities as desk_activities
from .desk import again as desk_again
from .desk import audit as desk_audit
from .desk import bulk as desk_bulk
from .desk import calendar as desk_calendar
from .desk import callers as desk_callers
from .desk import check_in as desk_check_in
from .desk import chosen as desk_chosen
from .desk import draws as desk_draws
from .desk import feedback as desk_feedback
from .desk import feeds as desk_feeds
from .desk import imports as desk_imports
from .desk import live as desk_live
from .desk import nodes as desk_nodes
from .desk import notices as desk_notices
from .desk import recordings as desk_recordings
from .desk import rules as desk_rules
from .desk import search as desk_search
from .desk import sign_ups as desk_sign_ups
from .desk import steps as desk_steps
from .desk import taking_along as desk_taking_along
from .desk import views as desk_views
from .desk.heritage import views as desk_heritage
from .draws import views as draw_views
from .feedback import jobs as feedback_jobs
from .feedback import views as feedback_views
from .follow_up import jobs as follow_up_jobs
from .follow_up import views as follow_up_views
from .heritage import features as heritage
from .home import display_views, navigation, node_page, scripts_views
from .home import views as home_views
from .jobs.worker import Handlers
from .media import derivatives as media_derivatives
from .media import loose as media_loose
from .media import views as media_views
from .my import holders
from .my import views as my_views
from .network import commands as network_commands
from .network import search as network_search
from .network import views as network_views
from .network.site import current_site
from .notifications import gateway, rendering
from .notifications import jobs as notice_jobs
from .reading import features as reading
from .recordings import personal as recordings_personal
from .recordings import views as recordings_views
from .search import features as search_features
from .search.sources import Sources
from .sign_ups import commands as sign_ups_commands
from .sign_ups import jobs as sign_ups_jobs
from .sign_ups import personal as sign_ups_personal
from .sign_ups import views as sign_ups_views
from .speech import pages as speech_pages
from .speech import speaking
from .speech import views as speech_views
from .web import (
    display,
    drafts,
    error_pages,
    health,
    logs,
    modes,
    page_cache,
    pdf,
    policies,
    security,
    static_files,
    styleguide,
    throttle,
    words,
)


def build(config: Config) -> Flask:
    """Kernel first, then every feature."""
    app = Flask("culture_cloud", root_path=str(PROJECT_ROOT), static_folder=None)
    app.static_folder = "static"
    app.config.update(
        TESTING=config.testing,
        DATA_FOLDER=str(config.data_folder),
        CULTURE_CLOUD=config,
        PUBLIC_URL=config.public_url,
    )
    database = db.Database(config.database_url)
    app.extensions["database"] = database
    app.extensions["handlers"] = Handlers()
    app.extensions["search_sources"] = Sources()
    _add_kernel(app, config, database)
    _add_features(app)
    cli.init_app(app)
    return app


def _add_kernel(app: Flask, config: Config, database: db.Database) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension("jinja2.ext.do")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    # the cache is registered first, so that it sees answers last
    page_cache.init_app(app, database, config)
    security.init_app(app, config)
    logs.init_app(app)
    i18n.init_app(app)
    traditional.init_app(app)
    app.jinja_env.globals["read_aloud"] = speech_pages.read_aloud
    words.init_app(app, config.time_zone)
    modes.init_app(app)
    display.init_app(app)
    drafts.init_app(app)
    pdf.init_app(app, config)
    static_files.init_app(app)
    actor.init_app(app)
    policies.init_app(app)
    error_pages.init_app(app)
    app.teardown_appcontext(db.close_reads)
    app.register_blueprint(health.bp)
    app.register_blueprint(styleguide.bp)

    @app.context_processor
    def site_context() -> dict[str, object]:
        return {"site": current_site(), "nav": navigation.items(current_user)}


def _add_notices(app: Flask, handlers: Handlers) -> None:
    """Messages to people, and who answers for what the site knows of them."""
    gateway.init_app(app, app.config["CULTURE_CLOUD"])
    rendering.init_app(app)
    holders.init_app(app)
    handlers.add(
        {
            "notices.forget_old": notice_jobs.forget_old,
            "notices.send": notice_jobs.send,
            "notices.sweep": notice_jobs.sweep,
            "notices.write": notice_jobs.write,
        }
    )
    handlers.every("notices.forget_old", timedelta(days=1))
    handlers.every("notices.sweep", timedelta(minutes=10))


def _add_door(handlers: Handlers) -> None:
    """What the clock brings around a session: reminded, closed, thanked."""
    handlers.add(
        {
            "check_in.close_over": closing.close_over,
            "follow_up.remind": follow_up_jobs.remind,
            "follow_up.thank": follow_up_jobs.thank,
        }
    )
    for name in ("check_in.close_over", "follow_up.remind", "follow_up.thank"):
        handlers.every(name, timedelta(minutes=15))


def _add_features(app: Flask) -> None:
    """A feature appears here once: its blueprint, its job handlers, what it does on schedule."""
    handlers: Handlers = app.extensions["handlers"]
    for views in (
        home_views,
        display_views,
        scripts_views,
        activities_views,
        activity_feeds,
        media_views,
        speech_views,
        recordings_views,
        api_views,
        network_views,
        sign_ups_views,
        draw_views,
        accounts_views,
        own_account_views,
        reset_views,
        feedback_views,
        desk_views,
        desk_activities,
        desk_steps,
        desk_feeds,
        desk_imports,
        desk_heritage,
        desk_draws,
        desk_calendar,
        desk_again,
        desk_bulk,
        desk_live,
        desk_nodes,
        desk_recordings,
        desk_search,
        desk_sign_ups,
        desk_rules,
        desk_callers,
        desk_chosen,
        desk_taking_along,
        desk_feedback,
        desk_notices,
        desk_audit,
        desk_check_in,
        my_views,
        follow_up_views,
    ):
        app.register_blueprint(views.bp)
    search_features.init_app(app, app.config["CULTURE_CLOUD"], build)
    heritage.init_app(app, handlers)
    app.extensions["search_sources"].register(activity_search.SOURCE, network_search.SOURCE)
    app.extensions["search_sources"].nodes = network_search.node_names
    app.add_url_rule("/nodes/<code>", "network.node", node_page.node_page)
    handlers.add(
        {
            "activities.refresh_agenda": activity_jobs.refresh_agenda,
            "activities.speak_ahead": activity_jobs.speak_ahead,
        }
    )
    handlers.every("activities.speak_ahead", timedelta(minutes=10))
    speaking.init_app(app, app.config["CULTURE_CLOUD"])
    handlers.add({"speech.forget_old": speaking.forget_old})
    handlers.every("speech.forget_old", timedelta(hours=6))
    media_derivatives.init_app(app)
    media_loose.init_app(app, handlers)
    import_jobs.init_app(app)
    handlers.add(
        {
            "activities.fetch_feed": import_jobs.fetch_feed,
            "activities.fetch_feeds": import_jobs.fetch_feeds,
            "activities.forget_uploads": import_jobs.forget_uploads,
        }
    )
    handlers.every("activities.fetch_feeds", timedelta(minutes=15))
    handlers.every("activities.forget_uploads", timedelta(hours=1))
    app.cli.add_command(activity_commands.activities_group)
    handlers.add({"audit.seal": audit_jobs.seal, "audit.seal_all": audit_jobs.seal_all})
    handlers.every("audit.seal", timedelta(seconds=15))
    handlers.every("audit.seal_all", timedelta(days=1))
    app.cli.add_command(audit_commands.audit_group)
    _add_notices(app, handlers)
    sign_ups_personal.init_app(app)
    handlers.add(sign_ups_jobs.HANDLERS)
    _add_door(handlers)
    draw_views.init_app(app, handlers)
    handlers.every("sign_ups.keep_time", timedelta(minutes=1))
    handlers.every("sign_ups.forget_id_numbers", timedelta(hours=6))
    reading.init_app(app, handlers)
    handlers.add({"demo.draw_heritage": demo_pictures.draw})
    for group in (
        network_commands.group,
        sign_ups_commands.places_group,
        demo_commands.demo_group,
    ):
        app.cli.add_command(group)
    handlers.add(
        {
            "accounts.forget_ended": account_jobs.forget_ended,
            "accounts.send_reset": account_jobs.send_reset,
        }
    )
    handlers.every("accounts.forget_ended", timedelta(days=1))
    feedback_jobs.init_app(app, handlers)
    drafts.watch(app, "accounts.register", "register")
    drafts.watch(app, "sign_ups.answer", "sign-up:{activity_id}")
    personal.register(app, recordings_personal.HOLDER)
    handlers.add({"attempts.forget_old": throttle.forget_old})
    handlers.every("attempts.forget_old", timedelta(hours=6))

"""The blueprint that all public pages of draws share."""

from flask import Blueprint

bp = Blueprint("draws", __name__)

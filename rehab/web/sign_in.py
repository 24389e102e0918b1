"""Which account does this browser's cookie belong to?"""

from __future__ import annotations

from flask import session
from flask_login import UserMixin, login_user, logout_user

from rehab import auth, clock
from rehab.edge.scopes import db
from rehab.models import Account


class SignedIn(UserMixin):
    """The account as Flask-Login wants it: its id is the browser session's token, not the account's."""

    def __init__(self, account: Account, token: str) -> None:
        self.account = account
        self.token = token

    def __getattr__(self, name: str) -> object:
        return getattr(self.account, name)

    def get_id(self) -> str:
        """The token of this browser's session row."""
        return self.token


def load(token: str) -> SignedIn | None:
    """Who carries this token; None when the row was revoked or is over."""
    account = auth.account_of(db(), token, now=clock.now())
    return SignedIn(account, token) if account else None


def start(account: Account, *, device: str) -> None:
    """Sign this browser in. The caller commits."""
    token = auth.sign_in(db(), account, device=device, now=clock.now())
    session.clear()
    session.permanent = True
    login_user(SignedIn(account, token))


def end(token: str) -> None:
    """Sign this browser out. The caller commits."""
    auth.sign_out(db(), token, now=clock.now())
    logout_user()
    session.clear()

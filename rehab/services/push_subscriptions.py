"""Which browsers agreed to be told, and whose are they now?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rehab.db import new_id
from rehab.delivery import push_crypto, webpush
from rehab.errors import Refused
from rehab.models import Account, PushSubscription

LONGEST_ENDPOINT = 1000
BROWSERS_AT_MOST = 10


def subscribe(
    db: Session, account: Account, *, endpoint: str, p256dh: str, auth: str, hosts: Collection[str], now: datetime
) -> None:
    """Remember a browser. One that belonged to somebody else belongs to ``account`` from now on.

    Raises Refused when the address is not a push service we know or the keys are none.
    """
    if len(endpoint) > LONGEST_ENDPOINT or not webpush.is_allowed(endpoint, hosts):
        raise Refused("push-service-unknown", "This browser's push service is not supported here.", field="endpoint")
    if not push_crypto.is_receiver(p256dh, auth):
        raise Refused("push-keys", "This browser's push keys cannot be used.", field="keys")
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    fresh = {"account_id": account.id, "p256dh": p256dh, "auth": auth, "created_at": now, "dropped_at": None}
    row = dialect.insert(PushSubscription).values(id=new_id(), endpoint=endpoint, **fresh)
    db.execute(row.on_conflict_do_update(index_elements=["endpoint"], set_=fresh))
    _drop_the_oldest(db, account, now=now)


def unsubscribe(db: Session, account: Account, *, endpoint: str, now: datetime) -> None:
    """Forget one browser of this account; another account's stays."""
    own = (PushSubscription.account_id == account.id, PushSubscription.endpoint == endpoint)
    db.execute(sa.update(PushSubscription).where(*own, PushSubscription.dropped_at.is_(None)).values(dropped_at=now))


def _drop_the_oldest(db: Session, account: Account, *, now: datetime) -> None:
    live = sa.select(PushSubscription.id).where(
        PushSubscription.account_id == account.id, PushSubscription.dropped_at.is_(None)
    )
    too_many = db.scalars(live.order_by(PushSubscription.created_at.desc()).offset(BROWSERS_AT_MOST)).all()
    if too_many:
        db.execute(sa.update(PushSubscription).where(PushSubscription.id.in_(too_many)).values(dropped_at=now))

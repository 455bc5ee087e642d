"""Families of Leeds, to whom announcements go."""

from datetime import timedelta

from accounts import queries as accounts
from accounts.models import Account
from accounts.rules import permissions_of
from bookings.models import FamilyAtHub
from correspondence.models import Announcement
from correspondence.queries import announcements
from correspondence.service import announcements as service
from correspondence.terms import Audience, Wanted
from families.models import Consent
from families.terms import ConsentKind
from kernel.clock import now, today
from kernel.db import db, find, unit_of_work
from messaging.terms import Way
from tests.making import Make

WORDS = "We open **an hour later** on Friday.\n\n- Tea at ten\n- [Our page](https://leeds.example/hubs)"


def signed_in(who, stage):
    account = find(Account, stage.cast[who])
    roles = accounts.roles_of(account.id)
    return accounts.Person(account.id, account.name, account.email, roles, permissions_of(set(roles)))


class Town:
    """Families of Leeds: who is known where, who agreed to news."""

    def __init__(self, stage):
        self.make = Make(stage.cast)
        self.hub = self.make.hub()
        self.other = self.make.hub("Harehills", team=())
        self.beth, self.adam = signed_in("beth", stage), signed_in("adam", stage)

    def family(self, name, *, at=None, news=True, postcode="LS14 1AA", **child):
        home = self.make.household(postcode)
        carer = self.make.carer(f"{name} Reyes", household=home)
        carer.email = f"{name.lower()}@people.example"
        child.setdefault("born", today() - timedelta(days=100))
        self.make.child(f"{name}’s child", of=carer, household=home, **child)
        if news is not None:
            db.add(Consent(household_id=home.id, kind=ConsentKind.NEWS, agreed=news, answered_at=now()))
        db.add(FamilyAtHub(hub_id=(at or self.hub).id, household_id=home.id))
        db.flush()
        return carer

    def write(self, by=None, *, way=Way.EMAIL, words=WORDS, **wanted):
        usual = {"audience": Audience.HUB, "hub_id": self.hub.id}
        return service.write(
            topic="New opening times", words=words, way=way, wanted=Wanted(**{**usual, **wanted}),
            by=by or self.beth,
        )  # fmt: skip


def progress_of(stage, announcement_id):
    """How it stands with an announcement, and how far it is."""
    with unit_of_work(stage.leeds):
        announcement = find(Announcement, announcement_id)
        return announcement.standing, announcements.progress(announcement)

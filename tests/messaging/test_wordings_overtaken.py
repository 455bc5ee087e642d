"""Words of a council that were overtaken: by somebody else, by a newer version, by the way back."""

from typing import Any

from kernel.db import unit_of_work
from messaging import rules
from messaging.queries import wordings as said
from messaging.service import wordings
from tests.messaging.test_wordings import OWN, WORDS


def test_words_that_a_newer_version_refuses_say_so_and_are_not_used_again(
    knock: Any, set_up: Any, world: Any
):
    adam, path = knock("adam"), f"{WORDS}/reminder/en"
    with unit_of_work(world.leeds, actor=world.cast["adam"]):
        old = wordings._keep("reminder", "en", rules.Wording("Come", "Bring ((towel))", ""), after=None)
        newest = wordings.change_words("reminder", "en", OWN, seen=old.id)
    assert "Needs a change" not in adam.get(WORDS).text

    used = adam.post(f"{path}/history/{old.id}/use", {"seen": str(newest.id)})

    told = adam.get(used.location).text
    assert "This message cannot carry ((towel))" in told
    assert "They are not used until you save them" in told
    with unit_of_work(world.leeds, actor=world.cast["adam"]):
        assert said.wording_in_use("reminder", "en").wording == OWN
        wordings._keep("reminder", "en", rules.Wording("Come", "Bring ((towel))", ""), after=newest)
    assert "This message cannot carry ((towel))" in adam.get(path).text
    assert "Needs a change" in adam.get(WORDS).text


def test_whoever_was_slower_is_told_where_they_stand_and_changes_nothing(knock: Any, set_up: Any, world: Any):
    adam, path = knock("adam"), f"{WORDS}/reminder/en"
    with unit_of_work(world.leeds, actor=world.cast["adam"]):
        first = wordings.change_words("reminder", "en", OWN, seen=None)
        newest = wordings.change_words("reminder", "en", rules.Wording("Two", "Two", ""), seen=first.id)

    for door in ("shipped", f"history/{first.id}/use"):
        answer = adam.post(f"{path}/{door}", {"seen": str(first.id)})
        assert answer.status_code == 303
        told = adam.get(answer.location).text
        assert "so nothing was changed now" in told
        assert f'name="seen" value="{newest.id}"' in told, "whoever has read that may go on"
    with unit_of_work(world.leeds):
        assert said.wording_in_use("reminder", "en").newest.id == newest.id


def test_what_was_posted_leads_to_the_editor_when_its_address_is_opened_again(knock: Any, set_up: Any):
    adam, path = knock("adam"), f"{WORDS}/reminder/en"

    for door in ("preview", "test", "shipped"):
        assert adam.get(f"{path}/{door}").location.endswith(path)
    assert adam.get(f"{WORDS}/nonsense/en/preview").status_code == 404

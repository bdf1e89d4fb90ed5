"""Is each mail one whole file, under a name that no key can turn against us?"""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import MailTemporary
from collector.mail import FolderSender, MailSettings, SmtpSender, outgoing
from collector.model import Recipient
from collector.model.notice import Message, Owed
from collector.untrusted import file_name, visible


def owed(key: str, text: str = "Two.\n") -> Owed:
    return Owed(
        key=key,
        recipient=Recipient("ops", "ops@example.org"),
        message=Message("LLOV", text, "<p>Two.</p>"),
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_a_mail_becomes_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    FolderSender(tmp_path / "new" / "mail", "c@example.net").send(owed("digest:2026-W47:ops"))
    (path,) = (tmp_path / "new" / "mail").iterdir()
    assert path.name.startswith("digest-2026-W47-ops-")
    assert path.suffix == ".eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["To"] == "ops@example.org"


def test_the_same_notice_is_the_same_file(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path, "c@example.net")
    for key in ("a:1", "a:1", "a-1"):
        sender.send(owed(key))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_keeps_the_mail_owed(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file, not a folder")
    with pytest.raises(MailTemporary, match="make the folder writable"):
        FolderSender(tmp_path / "mail", "c@example.net").send(owed("k"))


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("collector.mail.folder.os.fsync", full)
    with pytest.raises(MailTemporary, match="No space left"):
        FolderSender(tmp_path, "c@example.net").send(owed("k"))
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=200))
def test_no_key_leaves_the_folder_or_hides_in_it(key: str) -> None:
    name = file_name(key, ".eml")
    assert Path(name).name == name
    assert not name.startswith((".", "-"))
    assert name.isascii()
    assert len(name) <= 104


@given(st.text(max_size=50), st.text(max_size=50))
def test_different_keys_have_different_files(a: str, b: str) -> None:
    assert (file_name(a) == file_name(b)) == (a == b)


@given(st.text(max_size=500))
def test_visible_text_is_one_printable_line_of_bounded_length(text: str) -> None:
    shown = visible(text, 100)
    assert shown.isprintable()
    assert len(shown) <= 100


def test_the_settings_choose_the_sender(tmp_path: Path) -> None:
    assert isinstance(outgoing(MailSettings(), tmp_path), FolderSender)
    assert isinstance(outgoing(MailSettings(host="mail.example.org"), tmp_path), SmtpSender)

"""Postfix and Dovecot themselves, started for tests on this machine and gone with them: a mail server and its
mailbox that aren't ours. `.ci/run` installs them.

At `Peer.smtp` Postfix listens without encryption; at `Peer.submission` it wants TLS and offers a login. It
delivers to me@agent.test, with whatever comes after a +, which Dovecot shows at `Peer.imap`. What becomes of
mail to others:

    refused@client.test   550 at RCPT
    busy@client.test      451 at RCPT: greylisted
    anybody@client.test   taken, and gone
    anybody@bounce.test   taken, then bounced: 5.1.1
    anybody@delay.test    taken, put off (4.4.1), and told of
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.store.messages.providers.programs import free_ports, listens, missing, running
from tests.waiting import wait_until

_POSTFIX = "/usr/lib/postfix/sbin/master"
_LACKS = missing("postfix", "dovecot", _POSTFIX)
needed = pytest.mark.skipif(
    bool(_LACKS) or os.geteuid() != 0,
    reason="needs Debian's postfix and dovecot-imapd, and root to start them",
)
"""For tests that use `running_mail`."""

USER, PASSWORD = "me@agent.test", "pass word/1"

_MASTER = """
127.0.0.1:{smtp}       inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
error     unix - - n - - error
retry     unix - - n - - error
smtp      unix - - n - - smtp
discard   unix - - n - - discard
virtual   unix - n n - - virtual
anvil     unix - - n - 1 anvil
showq     unix n - n - - showq
postlog   unix-dgram n - n - 1 postlogd
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = /dev/stdout
myhostname = mx.agent.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
default_database_type = texthash
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
virtual_mailbox_domains = agent.test, bounce.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {{ me@agent.test = me/ }} }}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
relay_domains = client.test, delay.test
relay_recipient_maps =
transport_maps = inline:{{
    {{ client.test = discard: }}
    {{ delay.test = smtp:[127.0.0.1]:1 }} }}
smtpd_reject_unlisted_recipient = no
smtpd_recipient_restrictions =
    check_recipient_access inline:{{
        {{ refused@client.test = 550 5.1.1 No such user here }}
        {{ busy@client.test = 451 4.7.1 Greylisted, try again later }} }}
    permit_mynetworks, reject
smtpd_tls_cert_file = {folder}/certificate.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
delay_warning_time = 1s
minimal_backoff_time = 1s
queue_run_delay = 1s
smtpd_client_connection_count_limit = 0
fast_flush_domains =
"""

_USERS = f"{USER}:{{{{PLAIN}}}}{PASSWORD}::::::\n"

_DOVECOT = """
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail/me
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


_FILES = {"etc/main.cf": _MAIN, "etc/master.cf": _MASTER, "dovecot.conf": _DOVECOT, "users": _USERS}


class Peer(NamedTuple):
    """Where they listen on 127.0.0.1, imaps with TLS from the start. authority: a certificate's, as
    SSL_CERT_FILE takes it. folder: theirs; log: what Postfix says."""

    smtp: int
    submission: int
    imap: int
    imaps: int
    authority: Path
    folder: Path
    log: Path

    def mails(self) -> list[EmailMessage]:
        """What is in the mailbox, the oldest first."""
        box = self.folder / "mail" / "me"
        files = sorted([*box.glob("new/*"), *box.glob("cur/*")], key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def said(self) -> str:
        """What Postfix has logged."""
        return self.log.read_text(errors="replace")


@contextmanager
def running_mail() -> Iterator[Peer]:
    """Both of them, until the block ends."""
    # Not in pytest's own folder, where only its user may look: they work as users of their own.
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="mail-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        smtp, submission, imap, imaps, auth = free_ports(5)
        peer = Peer(smtp, submission, imap, imaps, folder / "authority.pem", folder, folder / "postfix.log")
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1", "localhost")
        authority.cert_pem.write_to_path(peer.authority)
        certificate.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
        certificate.private_key_pem.write_to_path(folder / "key.pem")
        folder.chmod(0o755)
        for name, owner in (
            ("etc", "root"),
            ("spool", "root"),
            ("data", "postfix"),
            ("mail", "nobody"),
            ("dovecot", "root"),
        ):
            (folder / name).mkdir()
            shutil.chown(folder / name, owner)
        words = {**peer._asdict(), "auth": auth}
        for name, text in (
            ("etc/main.cf", _MAIN),
            ("etc/master.cf", _MASTER),
            ("dovecot.conf", _DOVECOT),
            ("users", _USERS),
        ):
            (folder / name).write_text(text.format(**words).lstrip())
        dovecot = ["dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        stack.enter_context(running(dovecot, folder, folder / "dovecot.log", end="TERM"))
        wait_until(lambda: listens(auth) and listens(imap), what="Dovecot is there")
        check = ["postfix", "-c", str(folder / "etc"), "check"]  # which makes its folders
        subprocess.run(check, check=True, capture_output=True)
        postfix = [_POSTFIX, "-s", "-c", str(folder / "etc")]
        stack.enter_context(running(postfix, folder, peer.log, end="TERM"))
        wait_until(lambda: listens(smtp) and listens(submission), what="Postfix is there")
        yield peer

"""dovecot - configurations of Dovecot: the mail server, and the proxy before it.

Both have one user, alice, with the password secret, and take passwords in the
clear.  Limits are so wide that they play no part in what is measured.
"""

from __future__ import annotations

import os
from pathlib import Path

from .client import PASSWORD

# The mails' owner; Dovecot serves no mail of root's.
MAIL_OWNER = 5000 if os.getuid() == 0 else os.getuid()

_COMMON = """\
base_dir = {folder}/run
state_dir = {folder}/run
protocols = imap
listen = 127.0.0.1
log_path = {folder}/log
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{mail}/%u
mail_uid = {owner}
mail_gid = {owner}
first_valid_uid = {owner}
mail_max_userip_connections = 20000
default_client_limit = 20000
default_process_limit = 4000
default_vsz_limit = 4G
passdb {{
  driver = static
  args = password={password}{proxying}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={mail}/%u
}}
service imap-login {{
  process_min_avail = 2
  service_count = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service imap {{
  service_count = 100
}}
"""

# Without root all processes are of one user, and none can change its root.
_UNPRIVILEGED = """\
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
"""


def write(
    folder: Path,
    mail: Path,
    certificate: Path,
    port: int,
    tls_port: int,
    server_port: int | None = None,
) -> Path:
    """Write the configuration; with `server_port` that of a proxy before that server.

    `port` 0 or `tls_port` 0: it does not listen there.
    """
    password = PASSWORD.decode()
    proxying = ""
    if server_port is not None:
        proxying = f" proxy=y host=127.0.0.1 port={server_port} pass={password}"
    text = _COMMON.format(
        folder=folder,
        mail=mail,
        certificate=certificate,
        owner=MAIL_OWNER,
        password=password,
        proxying=proxying,
        port=port,
        tls_port=tls_port,
    )
    path = folder / "dovecot.conf"
    path.write_text(text + _privileges())
    return path


def _privileges() -> str:
    if os.getuid() == 0:
        return ""
    import grp
    import pwd

    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    return _UNPRIVILEGED.format(user=user, group=group)

"""nginx - the configuration of nginx mail before the Dovecot server.

nginx asks an HTTP service which server a user belongs to; here it asks itself.
"""

from __future__ import annotations

from pathlib import Path

MODULE = Path("/usr/lib/nginx/modules/ngx_mail_module.so")  # Debian's libnginx-mod-mail

_TEXT = """\
{module}
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/log;
events {{ worker_connections 20000; }}
mail {{
  auth_http 127.0.0.1:{auth_port}/auth;
  proxy_pass_error_message on;
  imap_capabilities IMAP4rev1 IDLE UIDPLUS LITERAL+;
  ssl_certificate {certificate};
  ssl_certificate_key {certificate};
  ssl_protocols TLSv1.2 TLSv1.3;
  server {{ listen 127.0.0.1:{port}; protocol imap; }}
  server {{ listen 127.0.0.1:{tls_port}{tls}; protocol imap; }}
}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{auth_port};
    location /auth {{
      add_header Auth-Status OK;
      add_header Auth-Server 127.0.0.1;
      add_header Auth-Port {server_port};
      return 200;
    }}
  }}
}}
"""


def write(
    folder: Path,
    certificate: Path,
    port: int,
    tls_port: int,
    auth_port: int,
    server_port: int,
    starttls: bool = False,
) -> Path:
    """Write the configuration; `auth_port` is where nginx asks itself for the server.

    `starttls`: offered on `tls_port`, where TLS begins at once without.
    """
    path = folder / "nginx.conf"
    path.write_text(
        _TEXT.format(
            module=f"load_module {MODULE};" if MODULE.exists() else "",
            folder=folder,
            certificate=certificate,
            port=port,
            tls_port=tls_port,
            auth_port=auth_port,
            server_port=server_port,
            tls="; starttls on" if starttls else " ssl",
        )
    )
    return path

"""How little of the machine and of the network can the loaded service reach?"""

from __future__ import annotations

import re

from tests.long.service.desk import INSTALL, Desk
from tests.long.service.page import blocks

UNITS = "collector collector-failed@x collector-backup collector-seal"
SPEAK = """
import socket
for address, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
    with socket.create_server((address, 0), family=family) as server:
        socket.create_connection(server.getsockname()[:2], 20).close()
    print(address)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as group:
    group.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
    group.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    try:
        group.sendto(b"x", ("224.0.0.251", 5353))
    except PermissionError:
        print("refused")
"""


def hide_users(desk: Desk) -> str:
    """Hide other users from it, where the kernel allows that."""
    (block,) = (each for each in blocks(desk.page, INSTALL) if "private-users" in each)
    refused = desk.box.run(f"cd source; ({block}) >/dev/null 2>&1 && echo yes || echo no") == "no"
    desk.box.run("systemctl daemon-reload; systemctl restart collector")
    desk.wait_until_running()
    users = desk.box.run(f"wc -l < /proc/{desk.pid()}/uid_map")
    desk.must(users == ("1" if refused else "2"), f"{users} lines of users")
    return "refused by this kernel: runs without" if refused else "runs with PrivateUsers=yes"


def measure_exposure(desk: Desk) -> str:
    """Measure the exposure of the loaded units."""
    found = []
    for unit in UNITS.split():
        said = desk.box.run(f"systemd-analyze security --no-pager '{unit}' | tail -n 1")
        found.append(f"{unit.removesuffix('x')} {re.findall(r'[0-9.]+ ', said)[-1].strip()}")
    limits = desk.box.run(f"grep 'core file' /proc/{desk.pid()}/limits").split()
    desk.must(limits[4:6] == ["0", "0"], f"core files: {limits}")
    return ", ".join(found) + "; no core files"


def keep_to_single_hosts(desk: Desk) -> str:
    """Speak as the service may: to this machine, and to a group (which never leaves it: TTL 0)."""
    given = [
        f"-p {name}='{desk.box.property('collector', name)}'"
        for name in ("IPAddressDeny", "IPAddressAllow")
    ]
    desk.box.write("/root/speak.py", SPEAK)
    python = f"systemd-run --quiet --wait --pipe {' '.join(given)} /usr/bin/python3 /root/speak.py"
    said = desk.box.run(python).split()
    desk.must(said[:2] == ["127.0.0.1", "::1"], f"it cannot reach {said}")
    desk.must(said[2:] == ["refused"], f"multicast: {said[2:]}")
    return "reaches hosts by IPv4 and IPv6; multicast is refused"

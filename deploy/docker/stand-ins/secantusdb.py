"""SecantusDB as a member of the replica set rs0, which its own command cannot name."""

import sys

from secantus import cli


class Member(cli.SecantusDBServer):
    def __init__(self, **settings):
        super().__init__(**{**settings, "replica_set_name": "rs0"})


cli.SecantusDBServer = Member
sys.exit(cli.main())

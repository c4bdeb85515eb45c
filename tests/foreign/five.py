"""Five calls by the client that openapi-python-client makes of the document."""

import json
import sys

from octave_client import AuthenticatedClient, Client
from octave_client.api.auth import post_auth_register
from octave_client.api.me import patch_me
from octave_client.api.stages import get_stages, get_stages_id, post_stages
from octave_client.models import OpenStage, ProfileChanges, Register

base_url = sys.argv[1]
guest = Client(base_url=base_url)
login = post_auth_register.sync(
    client=guest, body=Register(username="made", email="made@example.org", password="correct horse")
)
mine = AuthenticatedClient(base_url=base_url, token=login.token)
changed = patch_me.sync(client=mine, body=ProfileChanges(bio="By a generator."))
stage = post_stages.sync(client=mine, body=OpenStage(name="Made", genres=["ambient"]))
found = get_stages.sync(client=guest, q="made", limit=5)
refused = get_stages_id.sync_detailed(client=guest, id=stage.id + 1000)

print(
    json.dumps(
        {
            "name": login.user.username,
            "bio": changed.bio,
            "adding": stage.adding,
            "found": [one.name for one in found.items],
            "refused": refused.parsed.code,
        }
    )
)

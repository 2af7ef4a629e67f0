"""Where a waiting client goes: the cheapest gap beside a near client, or a new vehicle.

- `plain`: one client, under `Load` and `Timed`
- `client`, `pair`: one client or an alternative, and a pickup with its delivery, under `Rich`
- `bounds`: what `client` and `pair` know before they look closer
"""

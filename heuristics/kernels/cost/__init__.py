"""What routes and moves cost: the only kernels that know attributes by name.

- `arcs`: lengths, times and costs of arcs.
- `segment`, `segment_rich`: pieces of routes that join in constant time.
- `vehicle_cost`, `pair_order`, `route_rich`, `loss_rich`: whole routes under `Rich`, from pieces.
- `labels`, `extension`, `trip`, `trip_end`, `labelling`, `route_labelled`: whole routes that pieces
  cannot tell, by labelling.
- `pieces`, `proposals`, `losses`, `reliefs`: each question that moves ask, under one name for all
  specialisations. Moves, ruin and recreate import these.
"""

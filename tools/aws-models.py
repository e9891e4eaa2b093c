"""
Makes simulator/aws-models/models.json: what AWS's own service models say of the operations that Drydock calls.

    python3 -m venv .drydock/models && .drydock/models/bin/pip install botocore==1.44.8
    .drydock/models/bin/python tools/aws-models.py

Operations are found in the sources: `XCommand` and `paginateX` of @aws-sdk/client-*.
"""

import glob
import json
import re

import botocore
import botocore.session

FOLDERS = ["functions", "cli", "local", "infra", "simulator", "test", "bench"]
NAMES = {"sfn": "stepfunctions", "eventbridge": "events"}
CONSTRAINTS = ["min", "max", "pattern", "enum"]
TARGET = "simulator/aws-models/models.json"
NOTICE = (
    f"Made from the service models of botocore {botocore.__version__}, "
    "Copyright 2012-2026 Amazon.com, Inc. or its affiliates, Apache License 2.0."
)


def operations():
    """The names imported from each client, without `Command` and `paginate`."""
    found = {}
    for folder in FOLDERS:
        for path in glob.glob(f"{folder}/**/*.ts", recursive=True):
            if "node_modules" in path:
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for names, client in re.findall(r"import (?:type )?\{([^}]*)\}\s*from '@aws-sdk/client-([a-z0-9-]+)'", text):
                for name in re.findall(r"\b(?:paginate([A-Z]\w+)|([A-Z]\w+)Command)\b", names):
                    found.setdefault(client, set()).add(name[0] or name[1])
    return found


def add(shape, shapes):
    if shape is None:
        return None
    if shape.name in shapes:
        return shape.name
    kind = shape.type_name
    entry = {"type": kind}
    entry.update({one: shape.metadata[one] for one in CONSTRAINTS if one in shape.metadata})
    shapes[shape.name] = entry
    if kind == "structure":
        entry["members"] = {name: add(member, shapes) for name, member in shape.members.items()}
        if shape.required_members:
            entry["required"] = shape.required_members
    elif kind == "list":
        entry["item"] = add(shape.member, shapes)
    elif kind == "map":
        entry["key"], entry["value"] = add(shape.key, shapes), add(shape.value, shapes)
    return shape.name


def lines(value, depth):
    """JSON with a line for each operation and shape, so that a new version shows in a diff."""
    if depth == 0 or not isinstance(value, dict):
        return json.dumps(value, sort_keys=True, separators=(",", ":"))
    inner = ",\n".join(f"{json.dumps(key)}:{lines(value[key], depth - 1)}" for key in sorted(value))
    return "{\n" + inner + "\n}"


def main():
    session = botocore.session.get_session()
    services = {}
    for client, names in sorted(operations().items()):
        model = session.get_service_model(NAMES.get(client, client))
        shapes = {}
        known = sorted(names & set(model.operation_names))
        services[client] = {
            "target": model.metadata.get("targetPrefix"),
            "operations": {
                name: [add(model.operation_model(name).input_shape, shapes), add(model.operation_model(name).output_shape, shapes)]
                for name in known
            },
            "shapes": shapes,
        }
    with open(TARGET, "w", encoding="utf-8") as file:
        file.write(lines({"notice": NOTICE, "services": services}, 4) + "\n")
    print(sum(len(one["operations"]) for one in services.values()), "operations of", len(services), "services")


if __name__ == "__main__":
    main()

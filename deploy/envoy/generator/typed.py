"""The names by which Envoy knows the types of its configuration."""

TYPES = "type.googleapis.com/"
NETWORK = "envoy.extensions.filters.network."
HTTP = f"{TYPES}envoy.extensions.filters.http."


def typed(kind, **fields):
    return {"@type": kind if kind.startswith(TYPES) else TYPES + kind, **fields}


def http_filter(name, kind, **fields):
    return {"name": f"envoy.filters.http.{name}", "typed_config": typed(f"{HTTP}{name}.v3.{kind}", **fields)}


def file_secret(folder, name):
    """A secret that Envoy reads anew when its files change; secrets.py writes the file."""
    return {"name": name, "sds_config": {"resource_api_version": "V3", "path_config_source": {"path": f"{folder}/secrets/{name}.yaml"}}}

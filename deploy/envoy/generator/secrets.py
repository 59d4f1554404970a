"""Where Envoy finds certificates: one small file each, so that it takes over what changes."""

from .typed import typed

KIND = "envoy.extensions.transport_sockets.tls.v3.Secret"


def secrets(values):
    """Name -> content of secrets/NAME.yaml."""
    folder = values["certificates"]
    # The folder in which files, or what links to them, are replaced by rename.
    watched = {"watched_directory": {"path": folder}}

    def file(name):
        return {"filename": f"{folder}/{name}"}

    def pair(name):
        return {"tls_certificate": {"certificate_chain": file(f"{name}.pem"), "private_key": file(f"{name}.key"), **watched}}

    gateways = [{"san_type": "DNS", "matcher": {"exact": values["gateway_name"]}}]
    contents = {
        "edge": pair("edge"),
        "front": pair("front"),
        "callers-ca": {"validation_context": {"trusted_ca": file("callers-ca.pem"), **watched}},
        "gateways-ca": {"validation_context": {"trusted_ca": file("gateways-ca.pem"), "match_typed_subject_alt_names": gateways, **watched}},
    }
    return {name: {"resources": [typed(KIND, name=name, **content)]} for name, content in contents.items()}

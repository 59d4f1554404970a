"""Who may call what: policy.yaml as lists of methods, as rules of Envoy, as an AuthorizationPolicy of Istio."""

import fnmatch

HEALTH = ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"]
TOKEN = "relais_token"  # where jwt_authn leaves the claims


class Role:
    def __init__(self, name, paths, certificates):
        self.name = name
        self.paths = paths  # "/package.Service/Method"
        self.certificates = certificates  # URIs


def _fitting(entry, methods):
    if entry == "reads":
        return {method.full for method in methods if method.reads}
    pattern = entry if entry.startswith("*") else f"*.{entry}"
    found = set(fnmatch.filter([method.full for method in methods], pattern))
    if not found:
        raise SystemExit(f"generate: policy.yaml: no method is named {entry}")
    return found


def roles_of(policy, methods):
    roles = []
    for name, role in policy["roles"].items():
        unknown = set(role) - {"may", "except", "certificates"}
        if unknown:
            raise SystemExit(f"generate: policy.yaml: {name}: unknown key {sorted(unknown)[0]}")
        may = set().union(*(_fitting(entry, methods) for entry in role["may"]))
        may -= set().union(*(_fitting(entry, methods) for entry in role.get("except", [])))
        roles.append(Role(name, [f"/{path}" for path in sorted(may)], role.get("certificates", [])))
    return roles


def everyone(policy):
    for path in policy.get("everyone", []):
        if path not in HEALTH:
            raise SystemExit(f"generate: policy.yaml: everyone may be given only {' and '.join(HEALTH)}")
    return [f"/{path}" for path in policy.get("everyone", [])]


def _path(path):
    return {"url_path": {"path": {"exact": path}}}


def _principals(role, tokens):
    found = [{"authenticated": {"principal_name": {"exact": uri}}} for uri in role.certificates]
    if tokens:
        claim = {"list_match": {"one_of": {"string_match": {"exact": role.name}}}}
        path = [{"key": TOKEN}, *({"key": key} for key in tokens["roles"].split("."))]
        found.append({"sourced_metadata": {"metadata_matcher": {"filter": "envoy.filters.http.jwt_authn", "path": path, "value": claim}}})
    return found


def envoy_policies(policy, roles, values):
    """Of the RBAC filter; those whom none of them lets through are refused."""
    made = {"everyone": {"permissions": [_path(path) for path in [*everyone(policy), *values["pages"]]], "principals": [{"any": True}]}}
    for role in roles:
        principals = _principals(role, values.get("tokens"))
        if principals:
            made[role.name] = {"permissions": [_path(path) for path in role.paths], "principals": principals}
    return made


def istio_policy(policy, roles, values):
    """The same for the gateways of a mesh: principals of Istio are written without spiffe://."""
    rules = [{"to": [{"operation": {"paths": everyone(policy)}}]}]
    tokens = values.get("tokens")
    for role in roles:
        to = [{"operation": {"methods": ["POST"], "paths": role.paths}}]
        if role.certificates:
            principals = [uri.removeprefix("spiffe://") for uri in role.certificates]
            rules.append({"from": [{"source": {"principals": principals}}], "to": to})
        if tokens:
            claim = "".join(f"[{key}]" for key in tokens["roles"].split("."))
            rules.append({"from": [{"source": {"requestPrincipals": [f"{tokens['issuer']}/*"]}}], "to": to,
                          "when": [{"key": f"request.auth.claims{claim}", "values": [role.name]},
                                   {"key": "request.auth.audiences", "values": [tokens["audience"]]}]})
    selector = {"matchLabels": {"app.kubernetes.io/name": "relais"}}
    made = [{"apiVersion": "security.istio.io/v1", "kind": "AuthorizationPolicy", "metadata": {"name": "relais"},
             "spec": {"selector": selector, "action": "ALLOW", "rules": rules}}]
    if tokens:
        made.insert(0, {"apiVersion": "security.istio.io/v1", "kind": "RequestAuthentication", "metadata": {"name": "relais"},
                        "spec": {"selector": selector,
                                 "jwtRules": [{"issuer": tokens["issuer"], "audiences": [tokens["audience"]], "jwksUri": tokens["keys"]}]}})
    return made

"""moto's S3, which checks signatures with botocore's code: prints one line when it can be used,

    ENDPOINT ACCESS_KEY_ID SECRET_ACCESS_KEY

and ends with its standard input.
"""

import json
import logging
import os
import sys

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"

import boto3  # noqa: E402, after the setting that moto reads when it is imported
from moto import settings  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
endpoint = f"http://{host}:{port}"


def client(service):
    return boto3.client(service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="admin",
                        aws_secret_access_key="admin")


# An account that may use S3, and its bucket; then everyone else is refused.
settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
accounts = client("iam")
accounts.create_user(UserName="relais")
accounts.put_user_policy(UserName="relais", PolicyName="s3", PolicyDocument=json.dumps(everything))
key = accounts.create_access_key(UserName="relais")["AccessKey"]
client("s3").create_bucket(Bucket="exports")
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0.0

print(endpoint, key["AccessKeyId"], key["SecretAccessKey"], flush=True)
sys.stdin.read()

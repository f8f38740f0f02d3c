#!/usr/bin/python3
"""Answers the health check as mongosh would: whether this member takes writes from a user who may ask."""

import sys

from pymongo import MongoClient

option = lambda name: sys.argv[sys.argv.index(name) + 1]
client = MongoClient(
    "mongodb://mongodb:27017/?directConnection=true",
    username=option("--username"),
    password=option("--password"),
    serverSelectionTimeoutMS=3000,
)
hello = client.admin.command("hello")
client.admin.command("usersInfo", 1)
sys.exit(0 if hello["isWritablePrimary"] and hello["setName"] == "rs0" else 1)

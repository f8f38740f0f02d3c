"""Keeps the newest role of every account: a consumer as somebody writes it who has only docs/events.md and proto/.

consumer.py AMQP_URL DATABASE: prints "ready" once it consumes. With DIE_BEFORE_ACK=n it ends as a power cut would
before it acknowledges its n-th event, after the effect is committed.
"""

import json
import os
import signal
import sqlite3
import sys

import pika

EXCHANGE = "identity.events"
QUEUE = "reports.roles"
TYPES = ["identity.user.registered.v1", "identity.user.role-changed.v1"]

url, path = sys.argv[1:3]
deaths = int(os.environ.get("DIE_BEFORE_ACK", "0"))
handled = 0

database = sqlite3.connect(path)
database.execute("create table if not exists inbox (id text primary key)")
database.execute("create table if not exists effects (event_id text, user_id text, role text, version integer)")
database.commit()


def apply(event):
    """The memory of the event and its effect in one transaction: a repeat changes nothing."""
    with database:
        fresh = database.execute("insert or ignore into inbox values (?)", [event["id"]]).rowcount
        if fresh:
            data = event["data"]
            row = [event["id"], data["userId"], data["role"], event["sequence"]]
            database.execute("insert into effects values (?, ?, ?, ?)", row)


def on_message(channel, method, properties, body):
    global handled
    try:
        apply(json.loads(body))
    except (ValueError, KeyError, TypeError):
        channel.basic_reject(method.delivery_tag, requeue=False)  # to the dead letters
        return
    handled += 1
    if handled == deaths:
        os.kill(os.getpid(), signal.SIGKILL)
    channel.basic_ack(method.delivery_tag)


channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
quorum = {"x-queue-type": "quorum"}
channel.queue_declare(f"{QUEUE}.dead", durable=True, arguments=quorum)
dead_letters = {
    "x-dead-letter-exchange": "",
    "x-dead-letter-routing-key": f"{QUEUE}.dead",
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}
channel.queue_declare(QUEUE, durable=True, arguments=quorum | dead_letters)
for type in TYPES:
    channel.queue_bind(QUEUE, EXCHANGE, type)
channel.basic_qos(prefetch_count=20)
channel.basic_consume(QUEUE, on_message)
print("ready", flush=True)
channel.start_consuming()

"""Spark on this machine, for a table that the caller has no session for."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

from htkeval.errors import EnvironmentFailed, Problem

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "4",  # 200 by default, meant for a cluster of machines
}
"""A session that nobody else can reach, and that does not call out."""


def local_session() -> Any:
    """The Spark session that is there already, or a new one with two threads on this machine.

    Raises:
        EnvironmentFailed: PySpark or Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        missing = Problem("Spark", "no PySpark", "the extra htkeval[spark]")
        raise EnvironmentFailed(missing) from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise EnvironmentFailed(Problem("Spark", "no Java", "Java 17 or newer on the path"))
    builder = SparkSession.builder.master("local[2]").appName("htkeval")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def frame(backend: Any, session: Any, table: pa.Table) -> ir.Table:
    """An Arrow table as a table of Spark's; Ibis would take it there by way of pandas."""
    import ibis

    name = ibis.util.gen_name("frame")
    session.createDataFrame(table).createOrReplaceTempView(name)
    found: ir.Table = backend.table(name)
    return found

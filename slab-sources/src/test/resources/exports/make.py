"""Writes the files of this folder. They are committed; pyarrow 25 made them."""
import json, os
import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))


def put(path, columns, **options):
    file = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(file), exist_ok=True)
    pq.write_table(pa.table(columns), file, **options)


def text(path, value):
    file = os.path.join(HERE, path)
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w") as out:
        json.dump(value, out, indent=1)


# The same 120 records in every packing; ParquetPagesTest builds them too.
rows = range(120)
metadata = [None if i % 5 == 0 else json.dumps({"n": i, "t": f"text {i % 7} " * (i % 40 + 1)}) for i in rows]
records = {
    "id": pa.array([f"r{i:03d}" for i in rows]),
    "values": pa.array([[i, i / 2, -i, 0.25] for i in rows], pa.list_(pa.float32())),
    "metadata": pa.array(metadata),
}
for codec in ["none", "snappy", "brotli", "lz4", "gzip", "zstd"]:
    for version in ["1.0", "2.0"]:
        put(
            f"pages/{codec}-{version[0]}.parquet",
            records,
            compression=codec,
            data_page_version=version,
            write_page_checksum=True,
            use_dictionary=["id"],
            data_page_size=1500,
        )

# vector-io: doubles, metadata in columns, a folder for a file, later files that repeat rows.
doubles = pa.list_(pa.float64())
first = {
    "id": pa.array(["a", "b"]),
    "vector": pa.array([[1.0, 0.5], [2.0, 0.25]], doubles),
    "genre": pa.array(["drama", None]),
    "year": pa.array([float("nan"), 1999.0]),
    "exported_vectorio_1a2b3": pa.array([True, True]),
}
second = {
    "id": pa.array(["a", "b", "c"]),
    "vector": pa.array([[1.0, 0.5], [2.0, 0.25], [3.0, 4.0]], doubles),
    "genre": pa.array(["drama", None, None]),
}
put("vdf/books/i1.parquet/1.parquet", first)
put("vdf/books/i1.parquet/2.parquet", second)
put("vdf/books_old/i1.parquet/1.parquet", {"id": pa.array(["a"]), "vector": pa.array([[7.0, 8.0]], doubles)})


def entry(namespace, path, count):
    return {
        "namespace": namespace,
        "index_name": "books",
        "total_vector_count": count,
        "exported_vector_count": count,
        "dimensions": 2,
        "model_name": "NOT_PROVIDED",
        "model_map": None,
        "vector_columns": ["vector"],
        "data_path": path,
        "metric": "Dot",
        "index_config": {"name": "books", "dimension": 2, "metric": "dotproduct", "spec": {"pod": {"pods": 1, "pod_type": "s1.x1"}}},
        "schema_dict_str": "{}",
    }


text(
    "vdf/VDF_META.json",
    {
        "version": "0.1",
        "file_structure": ["VDF_META.json"],
        "author": "someone",
        "exported_from": "pinecone",
        "exported_at": "2026-01-01T00:00:00+00:00",
        "id_column": "id",
        "indexes": {"books": [entry("", "books/i1.parquet", 3), entry("old", "books_old/i1.parquet/", 1)]},
    },
)

# pinecone-datasets: JSON texts, a column of nothing but nulls, queries beside the documents.
pairs = pa.struct([("indices", pa.list_(pa.int64())), ("values", pa.list_(pa.float64()))])
put(
    "dataset/documents/part-0.parquet",
    {
        "id": pa.array(["a", "b"]),
        "values": pa.array([[1.0, 0.5], [2.0, 0.25]], doubles),
        "sparse_values": pa.array([{"indices": [9, 4000000000], "values": [0.5, 2.0]}, None], pairs),
        "metadata": pa.array(['{"k": "v"}', None]),
        "blob": pa.nulls(2),
    },
)
put(
    "dataset/documents/part-1.parquet",
    {
        "id": pa.array(["c"]),
        "values": pa.array([[3.0, 4.0]], pa.list_(pa.float32())),
        "sparse_values": pa.nulls(1),
        "metadata": pa.nulls(1),
        "blob": pa.array([{"text": "not metadata"}]),
    },
)
put(
    "dataset/queries/part-0.parquet",
    {"vector": pa.array([[1.0, 2.0]], doubles), "top_k": pa.array([5]), "sparse_vector": pa.nulls(1), "filter": pa.nulls(1), "blob": pa.nulls(1)},
)
text(
    "dataset/metadata.json",
    {
        "name": "tiny",
        "created_at": "2024-02-01 00:00:00.000000",
        "documents": 3,
        "queries": 1,
        "source": "made up",
        "license": None,
        "dense_model": {"name": "none", "tokenizer": None, "dimension": 2},
        "sparse_model": None,
        "tags": None,
    },
)

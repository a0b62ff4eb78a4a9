-- A notebook of Apache Spark on an index: fill it, read it, find the nearest records.
--   slab create /tmp/stars --dimension 3 --metric cosine
--   spark-sql --jars "$jars" --conf spark.stars=/tmp/stars -f samples/spark.sql
-- docs/spark.md says what $jars is. The index must be there, and is overwritten.

-- The index as a table: parts of a record, and two metadata fields.
CREATE TABLE stars (id STRING, values ARRAY<FLOAT>, metadata STRING) USING slab OPTIONS (path '${spark.stars}');

CREATE TABLE star_fields (id STRING, values ARRAY<FLOAT>, class STRING, magnitude DOUBLE) USING slab OPTIONS (path '${spark.stars}');

-- 1,000 records, written by tasks and committed at once.
INSERT OVERWRITE stars
SELECT concat('star-', id) AS id,
       array(float(cos(id)), float(sin(id)), float((id % 7) / 7)) AS values,
       to_json(named_struct('class', substr('OBAFGKM', id % 7 + 1, 1), 'magnitude', id % 60 / 10D)) AS metadata
FROM range(1000);

-- Counted from the manifest.
SELECT count(*) FROM stars;

-- Slabs and rows that cannot match are left out.
SELECT class, count(*) AS number, min(magnitude) AS brightest FROM star_fields WHERE magnitude < 2 GROUP BY class ORDER BY class;

-- For each of three directions the two nearest bright stars, from the index.
CREATE TEMPORARY VIEW directions AS
SELECT * FROM VALUES ('east', array(1F, 0F, 0F)), ('north', array(0F, 1F, 0F)), ('up', array(0.1F, 0.1F, 1F)) AS t(name, direction);

SELECT name, star.id, star.magnitude
FROM directions JOIN (SELECT id, values, magnitude FROM star_fields WHERE magnitude < 2) star
APPROX NEAREST 2 BY SIMILARITY vector_cosine_similarity(direction, star.values)
ORDER BY name, star.id;

-- The same by Spark alone, which computes every distance.
SELECT name, star.id, star.magnitude
FROM directions JOIN (SELECT id, values, magnitude FROM star_fields WHERE magnitude < 2) star
EXACT NEAREST 2 BY SIMILARITY vector_cosine_similarity(direction, star.values)
ORDER BY name, star.id;

-- How it is answered: SlabNearest.
EXPLAIN SELECT name, star.id
FROM directions JOIN star_fields star
APPROX NEAREST 2 BY SIMILARITY vector_cosine_similarity(direction, star.values);

DROP TABLE stars;

DROP TABLE star_fields;

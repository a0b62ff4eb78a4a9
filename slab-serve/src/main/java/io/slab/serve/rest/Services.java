package io.slab.serve.rest;

import io.slab.serve.backup.Backups;
import io.slab.serve.backup.Restores;
import io.slab.serve.catalog.Catalog;
import io.slab.serve.data.SharedModel;
import io.slab.serve.imports.Imports;

/**
 * What the routes ask for their work.
 *
 * @param texts the model for texts, or null
 */
public record Services(
    Catalog catalog, Backups backups, Restores restores, Imports imports, SharedModel texts) {}

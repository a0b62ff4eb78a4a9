package io.slab.ann;

/**
 * What a search touched.
 *
 * @param cells lists scanned
 * @param scanned codes
 * @param refined fine codes
 * @param rescored rows read
 */
public record SearchCost(int cells, long scanned, long refined, long rescored) {}

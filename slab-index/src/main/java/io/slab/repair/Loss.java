package io.slab.repair;

/**
 * Something that cannot be read any more: a record by its id, rows whose ids cannot be read either,
 * or writes of the log.
 *
 * @param object the slab or log object
 * @param firstRow first of the rows, or -1 where rows are not known
 * @param lastRow last of the rows, or -1
 * @param id of the record, or null where it is not known
 * @param lsnFrom smallest LSN that the loss may have, or -1 where it is not known
 * @param lsnTo largest one
 */
public record Loss(
    String object, long firstRow, long lastRow, String id, long lsnFrom, long lsnTo) {}

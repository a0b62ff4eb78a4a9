/**
 * Records in JSON and CSV of other programs: cutting a long text into records, parsing them with
 * the names that a user or a program gave to members, and the notes about what was left out. It
 * reads what {@link io.slab.source.scan} recognised; nothing is recognised by the name of a file
 * here.
 */
package io.slab.source.json;

package io.slab.check;

/**
 * One thing found wrong.
 *
 * @param object name of the object
 * @param section section, record or member inside it, or null for the object as a whole
 * @param offset byte offset inside the object, or -1 when the problem has no place
 * @param severity how bad it is
 * @param problem what was found and what was expected
 * @param unsupported true when it may be no damage at all but something only a newer version knows
 * @param recordsAtRisk records whose ids, vectors, metadata or LSNs lie in the damaged bytes; 0
 *     where what is damaged can be rebuilt, and where the number is not known
 * @param suggestion a command that helps to look closer or to mend it, or null
 */
public record Problem(
    String object,
    String section,
    long offset,
    Severity severity,
    String problem,
    boolean unsupported,
    long recordsAtRisk,
    String suggestion) {}

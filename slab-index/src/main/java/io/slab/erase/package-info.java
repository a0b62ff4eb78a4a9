/**
 * Erasure: deletes records and sees to it that no object keeps a byte of them (spec/index.md,
 * "Erasure"). It puts together what the layers below do, writers, compactions, checkpoints and gc,
 * and says what still has to wait. It deletes no file by itself but old versions and the
 * quarantine.
 */
package io.slab.erase;

/**
 * External sort of records by namespace and id: sorted runs in scratch files, and their merge
 * without duplicates. Where records come from and where they go is not known here. The files belong
 * to one run of a program and one version of it; they are no format of the project.
 */
package io.slab.sort;

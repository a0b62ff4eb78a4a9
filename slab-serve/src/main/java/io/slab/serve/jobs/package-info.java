/** Long work: what of it is on storage, in the folder of the server, and the threads that do it. */
package io.slab.serve.jobs;

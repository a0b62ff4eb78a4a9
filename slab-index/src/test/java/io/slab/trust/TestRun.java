package io.slab.trust;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs test classes one after the other until one fails, without Maven. Arguments: their names.
 * Ends with 0 when all tests passed, with 1 when one failed, with 2 when there was none.
 */
public final class TestRun {
  private TestRun() {}

  public static void main(String[] args) {
    long tests = 0;
    for (String name : args) {
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request().selectors(selectClass(name)).build();
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      LauncherFactory.create().execute(request, listener);
      TestExecutionSummary summary = listener.getSummary();
      if (summary.getTotalFailureCount() > 0) {
        var failure = summary.getFailures().getFirst();
        System.out.println(
            failure.getTestIdentifier().getDisplayName()
                + " of "
                + name
                + ": "
                + String.valueOf(failure.getException().getMessage())
                    .lines()
                    .findFirst()
                    .orElse(""));
        System.exit(1);
      }
      tests += summary.getTestsSucceededCount();
    }
    System.out.println(tests + " tests passed");
    System.exit(tests == 0 ? 2 : 0);
  }
}

package io.slab.testkit.index;

import io.slab.check.CheckLevel;
import io.slab.check.Problem;
import io.slab.check.Severity;
import io.slab.store.LocalStore;
import io.slab.verify.Checker;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.io.TempDir;

/**
 * Verifies, after each test that passed, every index that it left in a temporary folder: also
 * where the test did not look, what it wrote is what can be read. JUnit finds it by itself. A test that
 * damages its index says so by {@link LeavesDamage}.
 */
public final class IndexVerification implements InvocationInterceptor {
  /** An index deeper in a temporary folder is not looked for. */
  private static final int DEPTH = 5;

  /** What was verified, by its files: what several tests share or copy is verified once. */
  private static final Set<String> VERIFIED = ConcurrentHashMap.newKeySet();

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    invocation.proceed();
    verify(method, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    invocation.proceed();
    verify(method, context);
  }

  private static void verify(ReflectiveInvocationContext<Method> method, ExtensionContext context)
      throws IOException, IllegalAccessException {
    Class<?> test = context.getRequiredTestClass();
    if (test.isAnnotationPresent(LeavesDamage.class)
        || method.getExecutable().isAnnotationPresent(LeavesDamage.class)) {
      return;
    }
    for (Path folder : folders(method, test, context.getTestInstance().orElse(null))) {
      for (Path index : indexes(folder)) {
        String files = files(index);
        if (!VERIFIED.contains(files)) {
          verify(index);
          VERIFIED.add(files);
        }
      }
    }
  }

  /** Temporary folders of a test: fields of its class, and arguments. */
  private static Set<Path> folders(
      ReflectiveInvocationContext<Method> method, Class<?> test, Object instance)
      throws IllegalAccessException {
    Set<Path> folders = new LinkedHashSet<>();
    for (Object argument : method.getArguments()) {
      if (argument instanceof Path path && Files.isDirectory(path)) {
        folders.add(path);
      }
    }
    for (Class<?> of = test; of != null; of = of.getSuperclass()) {
      for (Field field : of.getDeclaredFields()) {
        boolean reachable = Modifier.isStatic(field.getModifiers()) || instance != null;
        if (field.isAnnotationPresent(TempDir.class) && reachable && field.trySetAccessible()) {
          if (field.get(instance) instanceof Path path) {
            folders.add(path);
          }
        }
      }
    }
    return folders;
  }

  private static List<Path> indexes(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, DEPTH)) {
      return walk.filter(path -> path.endsWith("index.json") && Files.isRegularFile(path))
          .map(Path::getParent)
          .filter(path -> Files.isDirectory(path.resolve("ns")))
          .sorted()
          .toList();
    }
  }

  /** The name and the checksum of every file. */
  private static String files(Path index) throws IOException {
    try (Stream<Path> walk = Files.walk(index)) {
      StringBuilder files = new StringBuilder();
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        CRC32C checksum = new CRC32C();
        checksum.update(Files.readAllBytes(file));
        files.append(index.relativize(file)).append(' ').append(checksum.getValue()).append('\n');
      }
      return files.toString();
    }
  }

  private static void verify(Path index) {
    List<String> errors = new ArrayList<>();
    for (Problem problem :
        Checker.index(new LocalStore(index), CheckLevel.CHECKSUMS).problems()) {
      if (problem.severity() == Severity.ERROR) {
        errors.add(problem.object() + ": " + problem.problem());
      }
    }
    if (!errors.isEmpty()) {
      throw new AssertionError(
          "the test left an index that does not verify, "
              + index
              + " (if that is meant: @LeavesDamage): "
              + String.join("; ", errors));
    }
  }
}

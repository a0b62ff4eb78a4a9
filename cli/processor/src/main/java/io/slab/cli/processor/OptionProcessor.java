package io.slab.cli.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;

/**
 * Writes, for every class with options, a class {@code ...Binding} that knows their names and sets
 * their fields, and one that finds the binding of a verb. The annotations stay the only place where
 * an option is declared; what this processor does not understand is left to picocli at run time.
 */
@SupportedAnnotationTypes({
  "picocli.CommandLine.*",
  "io.slab.cli.verb.Written",
  "io.slab.cli.verb.Seldom"
})
public final class OptionProcessor extends AbstractProcessor {
  private static final String REGISTRY = "io.slab.cli.VerbBindings";

  private final Map<String, TypeElement> verbs = new TreeMap<>();

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Map<String, TypeElement> types = new TreeMap<>();
    for (TypeElement annotation : annotations) {
      for (Element element : round.getElementsAnnotatedWith(annotation)) {
        if (annotation.getSimpleName().contentEquals("Command")) {
          verbs.put(element.toString(), (TypeElement) element);
          types.put(element.toString(), (TypeElement) element);
        } else if (element.getKind() == ElementKind.FIELD) {
          TypeElement owner = (TypeElement) element.getEnclosingElement();
          types.put(owner.toString(), owner);
        }
      }
    }
    types.values().forEach(type -> write(new BindingSource(processingEnv, type)));
    if (!verbs.isEmpty()) {
      // All verbs are sources: the first round sees every one of them.
      writeFile(REGISTRY, registry());
      verbs.clear();
    }
    return true;
  }

  private void write(BindingSource source) {
    writeFile(source.packageName() + "." + source.name(), source.text());
  }

  private void writeFile(String name, String text) {
    try (Writer out = processingEnv.getFiler().createSourceFile(name).openWriter()) {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // By name, and no switch over types: that would be linked at run time, for some milliseconds.
  private String registry() {
    List<String> cases = new ArrayList<>();
    for (TypeElement verb : verbs.values()) {
      String binary = processingEnv.getElementUtils().getBinaryName(verb).toString();
      String binding =
          processingEnv.getElementUtils().getPackageOf(verb)
              + "."
              + BindingSource.bindingName(verb);
      cases.add(
          "      case \"%s\" -> new %s((%s) verb);\n".formatted(binary, binding, verb.toString()));
    }
    return """
    package io.slab.cli;

    import io.slab.cli.verb.OptionBinding;
    import io.slab.cli.verb.Verb;

    /** The binding of each verb. Generated. */
    final class VerbBindings {
      private VerbBindings() {}

      static OptionBinding of(Verb verb) {
        return switch (verb.getClass().getName()) {
    %s      default -> null;
        };
      }
    }
    """
        .formatted(String.join("", cases));
  }
}

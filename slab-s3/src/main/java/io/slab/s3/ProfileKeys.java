package io.slab.s3;

import io.slab.error.StoreException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;

/**
 * The keys of one profile, from where the profile says and nowhere else: what goes wrong there is
 * said in the words of the one who said it. Thread-safe.
 */
final class ProfileKeys implements AwsCredentialsProvider {
  private final AwsFiles files;
  private final ProfileCredentialsProvider provider;

  ProfileKeys(AwsFiles files) {
    this.files = files;
    provider =
        ProfileCredentialsProvider.builder()
            .profileFile(files.content())
            .profileName(files.profile())
            .build();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return provider.resolveCredentials();
    } catch (RuntimeException e) {
      String origin = files.origin();
      throw new StoreException(
          StoreException.Kind.DENIED,
          "the profile '"
              + files.profile()
              + "' gives no credentials"
              + (origin == null ? "" : " (" + origin + ")")
              + ": "
              + words(e),
          hint(origin),
          e);
    }
  }

  /** All that was said on the way, each thing once. */
  private static String words(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String said = cause.getMessage() == null ? "" : cause.getMessage().strip();
      if (!said.isEmpty() && text.indexOf(said) < 0) {
        text.append(text.isEmpty() ? "" : ": ").append(said);
      }
    }
    return text.isEmpty() ? thrown.getClass().getSimpleName() : text.toString();
  }

  private String hint(String origin) {
    String profile = files.profile();
    if (origin == null) {
      return "say in ~/.aws where its keys come from: aws configure --profile " + profile;
    }
    return switch (origin.split(" ")[0]) {
      case "SSO" -> "log in again: aws sso login --profile " + profile;
      case "credential_process" -> "run that command by itself to see what it says";
      case "role" ->
          "see whether this identity may assume it: aws sts get-caller-identity --profile "
              + profile;
      default -> "check the keys of that profile in ~/.aws";
    };
  }
}

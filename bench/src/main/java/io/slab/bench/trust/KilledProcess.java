package io.slab.bench.trust;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that is going to be killed: runs command after command and prints the number and the
 * exit code of each once it ended. Arguments: work folder, number of the process, seed, first
 * command. It does not know the state, which only the judge needs.
 */
public final class KilledProcess {
  private KilledProcess() {}

  public static void main(String[] args) {
    KillDeed.Place place =
        new KillDeed.Place(Path.of(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]));
    System.out.println("ready");
    for (int number = Integer.parseInt(args[3]); ; number++) {
      KillDeed deed = KillDeed.of(place, number, KillState.empty());
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      int code = deed.run(said);
      if (!deed.accepted().contains(code)) {
        System.out.print("? " + said.toString(StandardCharsets.UTF_8).replace('\n', ' ') + "\n");
      }
      System.out.print(number + " " + code + "\n");
      System.out.flush();
    }
  }
}

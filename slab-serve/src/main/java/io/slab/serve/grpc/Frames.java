package io.slab.serve.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.slab.serve.api.ApiException;
import io.slab.serve.api.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The frame around a message of gRPC: a byte that says whether it is compressed, and its length as
 * four bytes, the highest first. A request and an answer have one frame each.
 */
final class Frames {
  private static final int HEADER = 5;
  private static final int PIECE = 64 << 10;

  private Frames() {}

  /**
   * The message of a request.
   *
   * @param body all frames of it
   * @param encoding of a compressed one, or null
   * @param most bytes that it may have once it is unpacked
   */
  static byte[] message(byte[] body, String encoding, int most) {
    if (body.length < HEADER) {
      throw ApiException.invalid("the request is shorter than the frame of a message");
    }
    int length = ByteBuffer.wrap(body).getInt(1);
    if (length != body.length - HEADER) {
      throw ApiException.invalid(
          "the request has a frame of "
              + Integer.toUnsignedString(length)
              + " bytes and "
              + (body.length - HEADER)
              + " behind it; a request is one message");
    }
    if (body[0] == 0) {
      return Arrays.copyOfRange(body, HEADER, body.length);
    }
    if (!"gzip".equals(encoding)) {
      throw new ApiException(
          Status.METHOD_NOT_ALLOWED, "messages may be plain or gzip, not '" + encoding + "'");
    }
    return unpacked(body, most);
  }

  private static byte[] unpacked(byte[] body, int most) {
    try (InputStream in =
        new GZIPInputStream(new ByteArrayInputStream(body, HEADER, body.length - HEADER))) {
      ByteArrayOutputStream message = new ByteArrayOutputStream(PIECE);
      for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
        message.write(piece);
        if (message.size() > most) {
          throw new ApiException(
              Status.TOO_LARGE, "the message is larger than this server takes (--max-body)");
        }
      }
      return message.toByteArray();
    } catch (IOException e) {
      throw ApiException.invalid("the message is no gzip: " + e.getMessage());
    }
  }

  /** An answer with its frame. */
  static byte[] of(MessageLite message) {
    int length = message.getSerializedSize();
    byte[] frame = new byte[HEADER + length];
    ByteBuffer.wrap(frame).putInt(1, length);
    CodedOutputStream out = CodedOutputStream.newInstance(frame, HEADER, length);
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new IllegalStateException(e); // The room is what the message says of itself.
    }
    return frame;
  }
}

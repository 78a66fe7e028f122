package dev.ringtail.sensor.record;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;

/// A recording can't be begun or go on; the message is for the user.
public final class RecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    private RecordException(String message, String reason, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /// @param target name of the file
    static RecordException cannotWrite(String target, IOException cause) {
        String reason = errorName(cause);
        String text = String.valueOf(cause.getMessage());
        // FileOutputStream says "NAME (why)" where it can't open a file.
        if (cause instanceof FileNotFoundException && text.endsWith(")")) {
            text = text.substring(text.lastIndexOf('(') + 1, text.length() - 1);
        }
        return new RecordException(
                "can't write %s: %s%s".formatted(target, text, remedy(reason)), reason, cause);
    }

    static RecordException cannotDelete(Path file, IOException cause) {
        return new RecordException(
                "can't delete %s, the oldest of the files to keep: %s".formatted(file, cause),
                errorName(cause),
                cause);
    }

    /// Name of the error, under which the ledger counts the packets that are not in the file.
    String reason() {
        return reason;
    }

    /// The error's name where Java tells it, by strerror(3)'s words.
    private static String errorName(IOException cause) {
        return switch (String.valueOf(cause.getMessage())) {
            case "No space left on device" -> "ENOSPC";
            case "Disk quota exceeded" -> "EDQUOT";
            case "File too large" -> "EFBIG";
            case "Input/output error" -> "EIO";
            case "Broken pipe" -> "EPIPE";
            default -> cause.getClass().getSimpleName();
        };
    }

    private static String remedy(String reason) {
        return switch (reason) {
            case "ENOSPC", "EDQUOT" ->
                    "; what was written is whole. Free some space, or bound the files with"
                            + " --rotate-size and --keep-files";
            case "EPIPE" -> "; whoever read it has gone";
            default -> "";
        };
    }
}

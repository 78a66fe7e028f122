package dev.ringtail.demo;

import java.io.PrintWriter;

/// Where a command speaks: data on standard output, talk on standard error.
record Console(PrintWriter out, PrintWriter err) {
    /// Prints a line of data.
    void data(String line) {
        out.println(line);
        out.flush();
    }

    /// Tells the user something.
    void say(String line) {
        err.println(line);
        err.flush();
    }
}

package dev.ringtail.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringtail.testing.Page;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class WalkthroughTest {
    private static final String PAGE =
            """

                for format in json table; do
                    ./ringtail flows --bootstrap-server "localhost:$((9000 + 92))" \\
                        --output $format | no-such-program &
                done
                ls
                ls -l

            ```text
            12 packets,  3.5 MB
            ```
            """;

    @TempDir private Path folder;
    private Walkthrough page;

    @BeforeEach
    void open() {
        page = walkthrough(PAGE);
    }

    private Walkthrough walkthrough(String text) {
        return new Walkthrough(new Page("page.md", text), folder);
    }

    @Test
    void everyCommandIsAccountedFor() throws Exception {
        page.command("ls -l");
        assertThatThrownBy(page::finish).hasMessageContaining("flows");

        assertThat(page.command("ls")).isEqualTo("ls");
        page.leaveOut("a reason", "for format");
        assertThatCode(page::finish).doesNotThrowAnyException();
    }

    @Test
    void aCommandThatIsNotOnThePageIsRefused() {
        assertThatThrownBy(() -> page.command("mv")).hasMessageContaining("page.md: mv");
        assertThatThrownBy(() -> page.leaveOut("a reason", "./ringtail verify"))
                .hasMessageContaining("./ringtail verify");
    }

    @Test
    void aTestThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> page.leaveTo("NoSuchTest", "ls")).hasMessageContaining("NoSuch");
    }

    @Test
    void aTestThatDoesNotReadThePageIsRefused() {
        assertThatThrownBy(() -> page.leaveTo("WalkthroughTest", "ls"))
                .hasMessageContaining("WalkthroughTest reads page.md");
    }

    @Test
    void aTestMayReadThePageByAClassBesideIt() {
        Walkthrough secure = new Walkthrough(new Page("docs/how-to/secure-kafka.md", PAGE), folder);

        assertThatCode(() -> secure.leaveTo("SecureKafkaIT", "ls")).doesNotThrowAnyException();
    }

    @Test
    void anUnknownOptionIsFoundAlsoWhereTheCommandIsLeftOut() {
        Walkthrough renamed = walkthrough(PAGE.replace("--output", "--format"));

        assertThatThrownBy(() -> renamed.leaveOut("a reason", "for format"))
                .hasMessageContaining("--format");
    }

    @Test
    void whatIsShownIsComparedButForItsNumbers() {
        assertThatCode(() -> page.assertShown("12 ", "7 packets, 0.1 MB\n"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> page.assertShown("12 ", "7 packets\n"))
                .isInstanceOf(AssertionError.class);
    }
}

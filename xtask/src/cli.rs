//! Reads the command line.

use lexopt::{Arg, Parser, ValueExt};

use crate::failure::Failure;

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
Gatepass, the project's own commands

  cargo xtask run [--release]              set up, build and open the app
                                           (with no display: in a virtual one, and play the tour)
  cargo xtask test                         set up, then every check, test and journey
  cargo xtask journeys [NAME] [--times N]  the journeys in the real window, N rounds
  cargo xtask tour                         the whole job, a picture of each step in target/tour/
  cargo xtask bundle [--install]           a .deb, unpacked and started (--install: installed, as root)
  cargo xtask bench start                  start and memory against a blank Tauri window, and sizes
  cargo xtask bench send                   key press to body on screen, and the engine against reqwest
  cargo xtask bench renewal                key press to the API with a token that has to be renewed first
  cargo xtask desktop COMMAND…             any command on the journeys' virtual desktop
  cargo xtask setup                        install what is missing, nothing else
  cargo xtask help                         this text

Logs of every step: target/xtask/. Pictures of failed journeys: target/journeys/.
";

const ADVICE: &str = "`cargo xtask help` lists the commands and their options.";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub enum Order {
    /// Prints the commands.
    Help,
    /// Installs what is missing.
    Setup,
    /// Builds and opens the app.
    Run {
        /// Builds with optimisations.
        release: bool,
    },
    /// Runs every check.
    Test,
    /// Runs the journeys.
    Journeys {
        /// Only journeys whose name contains this.
        name: Option<String>,
        /// Rounds to run.
        times: u32,
    },
    /// Plays the tour.
    Tour,
    /// Builds the .deb.
    Bundle {
        /// Installs it with apt-get, starts it, and removes it.
        install: bool,
    },
    /// Runs a command on the virtual desktop.
    Desktop {
        /// The program and its arguments.
        words: Vec<String>,
    },
    /// Measures the start.
    BenchStart,
    /// Measures a send.
    BenchSend,
    /// Measures renewals.
    BenchRenewal,
}

/// Reads one command.
pub fn parse(mut parser: Parser) -> Result<Order, Failure> {
    let Some(first) = next(&mut parser)? else {
        return Ok(Order::Help);
    };
    let order = match first {
        Word::Value(name) => match name.as_str() {
            "help" => Order::Help,
            "setup" => Order::Setup,
            "run" => Order::Run { release: flag(&mut parser, "release")? },
            "test" => Order::Test,
            "journeys" => journeys(&mut parser)?,
            "tour" => Order::Tour,
            "bundle" => Order::Bundle { install: flag(&mut parser, "install")? },
            "bench" => bench(&mut parser)?,
            "desktop" => return desktop(&mut parser),
            other => return Err(unknown(&format!("There is no command `{other}`"))),
        },
        Word::Option(name) if name == "help" || name == "h" => Order::Help,
        Word::Option(name) => {
            return Err(unknown(&format!("`--{name}` stands before a command")));
        }
    };
    match next(&mut parser)? {
        None => Ok(order),
        Some(Word::Value(rest)) => Err(unknown(&format!("`{rest}` is one word too many"))),
        Some(Word::Option(name)) => Err(unknown(&format!("This command has no option `{name}`"))),
    }
}

enum Word {
    Value(String),
    Option(String),
}

fn next(parser: &mut Parser) -> Result<Option<Word>, Failure> {
    let word = match parser.next() {
        Ok(None) => return Ok(None),
        Ok(Some(Arg::Short(letter))) => Ok(Word::Option(letter.to_string())),
        Ok(Some(Arg::Long(name))) => Ok(Word::Option(name.to_owned())),
        Ok(Some(Arg::Value(value))) => value.string().map(Word::Value),
        Err(error) => Err(error),
    };
    word.map(Some).map_err(|error| unknown(&error.to_string()))
}

fn flag(parser: &mut Parser, name: &str) -> Result<bool, Failure> {
    match next(parser)? {
        None => Ok(false),
        Some(Word::Option(given)) if given == name => Ok(true),
        Some(Word::Option(given)) => Err(unknown(&format!("This command has no option `{given}`"))),
        Some(Word::Value(given)) => Err(unknown(&format!("`{given}` is one word too many"))),
    }
}

fn journeys(parser: &mut Parser) -> Result<Order, Failure> {
    let mut wanted = None;
    let mut times = 1;
    while let Some(word) = next(parser)? {
        match word {
            Word::Value(name) if wanted.is_none() => wanted = Some(name),
            Word::Option(name) if name == "times" => {
                times = parser
                    .value()
                    .and_then(|value| value.parse::<u32>())
                    .map_err(|error| unknown(&format!("--times needs a number: {error}")))?
                    .max(1);
            }
            Word::Value(rest) => return Err(unknown(&format!("`{rest}` is one word too many"))),
            Word::Option(name) => {
                return Err(unknown(&format!("This command has no option `{name}`")));
            }
        }
    }
    Ok(Order::Journeys { name: wanted, times })
}

fn desktop(parser: &mut Parser) -> Result<Order, Failure> {
    let rest = parser.raw_args().map_err(|error| unknown(&error.to_string()))?;
    let words: Vec<String> = rest.map(|word| word.to_string_lossy().into_owned()).collect();
    if words.is_empty() {
        return Err(unknown("`desktop` needs a command to run there"));
    }
    Ok(Order::Desktop { words })
}

fn bench(parser: &mut Parser) -> Result<Order, Failure> {
    match next(parser)? {
        Some(Word::Value(what)) if what == "start" => Ok(Order::BenchStart),
        Some(Word::Value(what)) if what == "send" => Ok(Order::BenchSend),
        Some(Word::Value(what)) if what == "renewal" => Ok(Order::BenchRenewal),
        _ => Err(unknown("`bench` needs to know what to measure: start, send or renewal")),
    }
}

fn unknown(what: &str) -> Failure {
    Failure::new(format!("{what}."), ADVICE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Order, String> {
        parse(Parser::from_args(words)).map_err(|failure| failure.to_string())
    }

    #[test]
    fn nothing_and_help_print_the_commands() {
        assert_eq!(read(&[]), Ok(Order::Help));
        assert_eq!(read(&["--help"]), Ok(Order::Help));
    }

    #[test]
    fn journeys_take_a_name_and_a_number_of_rounds_in_any_order() {
        let expected = Order::Journeys { name: Some("sign_in".into()), times: 10 };
        assert_eq!(read(&["journeys", "sign_in", "--times", "10"]), Ok(expected));
        let expected = Order::Journeys { name: Some("sign_in".into()), times: 10 };
        assert_eq!(read(&["journeys", "--times=10", "sign_in"]), Ok(expected));
    }

    #[test]
    fn a_command_for_the_desktop_keeps_its_own_options() {
        let words = ["xdotool", "search", "--name", "x"].map(str::to_owned);
        let expected = Order::Desktop { words: words.to_vec() };
        assert_eq!(read(&["desktop", "xdotool", "search", "--name", "x"]), Ok(expected));
    }

    #[test]
    fn bench_is_told_what_to_measure() {
        assert_eq!(read(&["bench", "start"]), Ok(Order::BenchStart));
        assert_eq!(read(&["bench", "send"]), Ok(Order::BenchSend));
        assert_eq!(read(&["bench", "renewal"]), Ok(Order::BenchRenewal));
        assert!(read(&["bench"]).is_err_and(|text| text.contains("renewal")));
    }

    #[test]
    fn a_wrong_word_is_named() {
        assert_eq!(read(&["tset"]), Err("There is no command `tset`.".into()));
        assert_eq!(read(&["run", "--fast"]), Err("This command has no option `fast`.".into()));
        assert_eq!(read(&["test", "all"]), Err("`all` is one word too many.".into()));
        assert!(read(&["journeys", "--times", "often"]).is_err_and(|text| text.contains("--times")));
    }
}

"""Is every setting explained, and every explanation a setting?"""

import re

from rehab import config


def test_the_example_file_lists_exactly_the_settings() -> None:
    text = (config.ROOT / ".env.example").read_text("utf-8")

    assert set(re.findall(r"^(REHAB_\w+)=", text, re.MULTILINE)) == set(config.VARIABLES)


def test_the_example_file_states_the_defaults() -> None:
    text = (config.ROOT / ".env.example").read_text("utf-8")
    example = dict(re.findall(r"^(REHAB_\w+)=(.*)$", text, re.MULTILINE))
    example.pop("REHAB_DATA")

    assert config.from_env(example) == config.from_env({})


def test_a_senseless_value_names_its_variable() -> None:
    for variable, value in {"REHAB_SMTP_PORT": "many", "REHAB_DEMO": "perhaps"}.items():
        try:
            config.from_env({variable: value})
        except ValueError as error:
            assert variable in str(error)
        else:
            raise AssertionError(f"{variable}={value} was accepted")

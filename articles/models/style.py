from django.db import models
from django.db.models.functions import Lower


class StyleRuleQuerySet(models.QuerySet):
    def in_force(self, language):
        """The rules in force for stories in a language, with those of a shorter tag or of none; longest term first."""
        tag = (language or "en").lower()
        tags = {"", *(tag.rsplit("-", n)[0] for n in range(tag.count("-") + 1))}
        rows = self.filter(active=True).alias(tag=Lower("language")).filter(tag__in=tags)
        return sorted(rows[:MOST], key=lambda rule: (-len(rule.term), rule.pk))


MOST = 2000  # rules that are looked for in a text


class StyleRule(models.Model):
    """One line of the house style: how the paper writes something. It marks words and never changes any."""

    term = models.CharField(max_length=80, help_text="What is not to be written, such as “utilise”.")
    preferred = models.CharField(
        max_length=80, blank=True, help_text="What to write instead; empty if there is no one answer."
    )
    reason = models.CharField(max_length=300, blank=True, help_text="In a line, for whoever wrote it.")
    language = models.CharField(
        max_length=20, blank=True, help_text="Of the stories that it holds for, such as en or en-GB; empty for all."
    )
    whole_word = models.BooleanField("only as a whole word", default=True)
    match_case = models.BooleanField("only with these capitals", default=False)
    in_quotes = models.BooleanField(
        "also within quotations", default=False, help_text="Quoted words are not to be changed, so seldom."
    )
    active = models.BooleanField("in force", default=True)

    objects = StyleRuleQuerySet.as_manager()

    class Meta:
        ordering = ["term", "language", "pk"]
        verbose_name, verbose_name_plural = "line of the house style", "house style"
        constraints = [
            models.UniqueConstraint(
                Lower("term"), Lower("language"), "match_case", name="style_rule_once",
                violation_error_message="There is a line for this term already.",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.term} → {self.preferred}" if self.preferred else self.term

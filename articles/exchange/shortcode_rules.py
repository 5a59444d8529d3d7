"""What becomes of shortcodes: those of known plugins by a table, those of a paper's own by a file that it writes."""

import fnmatch
import re
import tomllib

from .unreadable import Unreadable

DROP, UNWRAP, KEEP, UNKNOWN, WORDS = "drop", "unwrap", "keep", "unknown", "words"
ACTIONS = (DROP, UNWRAP, KEEP)
NAME = re.compile(r"[\w*?-]+")

# Wrappers of page builders and themes: their words stay, the wrapper goes. A star stands for the rest of a name.
BUILDERS = (
    "vc_* et_pb_* fusion_* av_* mk_* tatsu_* cs_* x_* us_* kc_* mkd_* qode_* ux_* tdc_* td_block_text* siteorigin_*"
    " elementor-template nectar_* rev_* wpb_* thrive_* op_* ult_* bsf-* ultimate_* dt_* stm_* cmsms_* themify_*"
    " one_half* one_third* two_third* one_fourth* three_fourth* one_fifth* two_fifth* three_fifth* four_fifth*"
    " one_sixth* five_sixth* one_whole full_width* col_* column_* columns_* su_* wc_* bs_* mp_row mp_span"
).split()
# Wrappers inside a line: between them and the letter beside them stands no space.
INLINE = (
    "dropcap dropcaps drop_cap drop-cap su_dropcap su_highlight su_tooltip su_label highlight hl mark color colour size"
    " small big underline strike span font tooltip popup abbr nobr nowrap marker text_highlight td_dropcap"
    " fusion_dropcap fusion_highlight fusion_tooltip fusion_popover mk_dropcaps mk_highlight av_dropcap1 av_dropcap2"
    " nectar_highlighted_text"
).split()
INITIALS = frozenset("dropcap dropcaps drop-cap".split())
# Their names are words too, so they count as shortcodes only with attributes or with an end of their own.
WRAPPERS = (
    "row column columns col box boxed infobox info-box note notice alert message callout tip warning intro lead leadin"
    " lede center centre left right align alignleft alignright aligncenter indent half third quarter two_thirds"
    " tabs tab tabgroup toggle toggles accordion accordions accordion-item spoiler expand collapse section container"
    " content-box div p panel well icon list checklist heading title subtitle headline button btn frame text textbox"
    " sidebar-text inset aside highlightbox member private restrict is_user_logged_in wpml_translate"
).split()
QUOTES = "quote blockquote pullquote pull_quote pull-quote pullquote_left pullquote_right su_quote su_pullquote".split()
MARKS = {"b": "strong", "bold": "strong", "strong": "strong", "i": "em", "italic": "em", "em": "em"}
CODE = (
    "sourcecode code source php python py css html xml js javascript java ruby sql bash shell cpp csharp c perl diff"
    " json plain codeblock crayon pre"
).split()
# What a server fills, sells or counts: there is nothing in it for a reader of the paper.
DROPPED = (
    "contact_form contact-form contact-form-* contact-field gravityform gravityforms wpforms wpforms-lite ninja_form"
    " ninja_forms formidable fluentform forminator_form caldera_form mc4wp_form mc4wp-* mailpoet_form newsletter_form"
    " newsletter_signup_form jetpack_subscription_form subscription_form email_signup ad_* ads_* ad-* ads-* adsense"
    " adrotate advads advads_* the_ad the_ad_* the_ad_group bsa_pro_* dfp_* dfp_ads wp_ad_camp* ad_slot quads"
    " google_ad* rev_slider layerslider metaslider ml-slider smartslider3 soliloquy cycloneslider huge_it_slider"
    " addtoany ssba ssba-buttons ssbp share_buttons social_* mashshare easy-social-share* shareaholic sharethis"
    " related_posts jetpack-related-posts yarpp manual_related_posts recent_posts recent-posts display-posts catlist"
    " list-posts post_grid the-post-grid ajax_load_more ajax_posts popular_posts wpp sitemap wp_sitemap_page"
    " searchform search_form wp_search login_form wp_login_form register_form register_form_*"
    " purchase_link woocommerce_* products add_to_cart add_to_cart_url product_page polldaddy yop_poll poll_* wp-polls"
    " totalpoll crowdsignal toc ez-toc no_toc print_link print-me printfriendly google_map* mappress wpgmza pw_map"
    " vc_raw_html vc_raw_js vc_widget_sidebar vc_posts_* vc_basic_grid vc_masonry_grid vc_facebook vc_tweetmeme"
    " vc_googleplus vc_pinterest vc_wp_* vc_empty_space vc_separator vc_zigzag et_pb_contact_form et_pb_contact_field"
    " et_pb_signup et_pb_sidebar et_pb_blog et_pb_divider et_pb_map et_pb_map_pin et_pb_login et_pb_search"
    " et_pb_social_media_follow et_pb_social_media_follow_network et_pb_comments et_pb_post_nav et_pb_shop"
    " fusion_code fusion_separator fusion_blog fusion_recent_posts fusion_map fusion_sharing fusion_social_links"
    " fusion_widget fusion_widget_area fusion_slider av_hr av_blog av_google_map av_social_share su_spacer su_divider"
    " su_posts td_block_ad_box td_block_social_counter tdc_zone donation_form give_form paypal* wpedon stripe*"
    " newsletter newsletter_* cookie_* wpconsent* site_kit_* ga_optout comment_form comments_*"
).split()
# Of those above, these are words too: alone in brackets they are somebody's remark.
AMBIGUOUS = frozenset("newsletter products sitemap toc quads soliloquy crowdsignal".split())


class Rules:
    """What to do with each shortcode; `own` is {name or pattern: action} of a paper's file, asked first."""

    def __init__(self, own=None):
        self._own, self._known = own or {}, {}

    def own_action(self, name):
        """What the paper's file says of a shortcode, or None."""
        pattern = _fitting(name, self._own)
        return self._own[pattern] if pattern else None

    def action(self, name, *, alone):
        """What becomes of a shortcode by the tables; `alone` if it has neither attributes nor an end."""
        if name not in self._known:
            self._known[name] = _action_of_tables(name)
        action = self._known[name]
        if not alone or "_" in name:
            return action  # nobody puts an underscore into a remark in brackets
        if action == DROP:
            return WORDS if name in AMBIGUOUS else DROP
        return UNWRAP if action == UNWRAP and (name in INITIALS or _fitting(name, BUILDERS)) else WORDS


def _action_of_tables(name):
    if _fitting(name, DROPPED):
        return DROP
    if name in INLINE or name in WRAPPERS or _fitting(name, BUILDERS):
        return UNWRAP
    return UNKNOWN


def _fitting(name, patterns):
    """The first pattern that a name fits, or None. A name as it stands comes before a pattern."""
    if name in patterns:
        return name
    return next((one for one in patterns if ("*" in one or "?" in one) and fnmatch.fnmatchcase(name, one)), None)


def read_rules(path):
    """The Rules of a TOML file: lists of names under drop, unwrap and keep. Raises Unreadable."""
    try:
        with open(path, "rb") as file:
            said = tomllib.load(file)
    except OSError as problem:
        raise Unreadable(f"The file of shortcodes {path} cannot be opened: {problem.strerror}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Unreadable(f"The file of shortcodes {path} is not TOML: {problem}.") from problem
    own = {}
    for action, names in said.items():
        if action not in ACTIONS:
            raise Unreadable(f"The file of shortcodes {path} says “{action}”. Say drop, unwrap or keep.")
        if not isinstance(names, list) or not all(isinstance(name, str) and NAME.fullmatch(name) for name in names):
            raise Unreadable(f"The file of shortcodes {path}: “{action}” wants a list of names without brackets.")
        for name in names:
            if own.setdefault(name.lower(), action) != action:
                raise Unreadable(f"The file of shortcodes {path} says two things of “{name}”.")
    return Rules(own)

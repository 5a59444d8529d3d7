from .article import (
    Article,
    ArticleSection,
    ArticleTopic,
    BodyReference,
    DeskNote,
    Revision,
    SignOff,
    State,
    Transition,
)
from .comment import Comment
from .correction import Correction, CorrectionDraft
from .debt import Debt
from .designation import Designation, DesignationAlias, DesignationNote
from .drafts import PersonalDraft, Presence
from .edition import (
    Edition,
    EditionContributor,
    EditionExpert,
    EditionSection,
    EditionText,
    EditionTopic,
    Kind,
    Path,
    Rendering,
)
from .embed import EmbedHost
from .front import Front, FrontSlot
from .image import FormerFile, Image, ImageUse, PictureRuling, RunsAs
from .imports import ImportedRow, ImportRun, OldAddress
from .notification import MailChoice, Notification
from .people import Agency, Appearance, Attribution, Byline, Contributor, FormerContributorAddress, Quote, QuoteRecord
from .planning import Assignment, SavedView
from .preview_links import PreviewLink, PreviewRemark, PreviewReply, PreviewVerdict
from .section import DutyTurn, FormerSectionAddress, Section
from .style import StyleRule

__all__ = [
    "Agency", "Appearance", "Article", "ArticleSection", "ArticleTopic", "Assignment", "Attribution",
    "BodyReference", "Byline", "Comment", "Contributor", "Correction", "CorrectionDraft", "Debt", "Designation",
    "DesignationAlias", "DesignationNote", "DeskNote", "DutyTurn", "Edition", "EditionContributor",
    "EditionExpert", "EditionSection", "EditionText", "EditionTopic", "EmbedHost", "FormerContributorAddress",
    "FormerFile", "FormerSectionAddress", "Front", "FrontSlot", "Image", "ImageUse", "ImportRun", "ImportedRow",
    "Kind", "MailChoice", "Notification", "OldAddress", "Path", "PersonalDraft", "PictureRuling", "Presence",
    "PreviewLink", "PreviewRemark", "PreviewReply", "PreviewVerdict", "Quote", "QuoteRecord", "Rendering",
    "Revision", "RunsAs", "SavedView", "Section", "SignOff", "State", "StyleRule",
    "Transition",
]  # fmt: skip

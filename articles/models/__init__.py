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
from .designation import Designation, DesignationAlias, DesignationNote
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
from .front import Front, FrontSlot
from .image import Image, ImageUse
from .imports import ImportedRow, ImportRun, OldAddress
from .people import Agency, Appearance, Attribution, Byline, Contributor, FormerContributorAddress, Quote, QuoteRecord
from .preview_links import PreviewLink, PreviewRemark, PreviewReply, PreviewVerdict
from .section import DutyTurn, FormerSectionAddress, Section

__all__ = [
    "Agency", "Appearance", "Article", "ArticleSection", "ArticleTopic", "Attribution", "BodyReference", "Byline",
    "Comment", "Contributor", "Correction", "CorrectionDraft", "Designation", "DesignationAlias", "DesignationNote",
    "DeskNote", "DutyTurn", "Edition", "EditionContributor", "EditionExpert", "EditionSection", "EditionText",
    "EditionTopic", "FormerContributorAddress", "FormerSectionAddress", "Front", "FrontSlot", "Image", "ImageUse",
    "ImportRun", "ImportedRow", "Kind", "OldAddress", "Path", "PreviewLink", "PreviewRemark",
    "PreviewReply", "PreviewVerdict", "Quote", "QuoteRecord", "Rendering", "Revision", "Section", "SignOff", "State",
    "Transition",
]  # fmt: skip
